import type { ChainRepair } from "./repair.js";

export const repairResponse: ChainRepair = () => undefined;
