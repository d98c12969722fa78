import type { ChainRepair } from "./repair.js";

export const repairOwnProperties: ChainRepair = () => undefined;
