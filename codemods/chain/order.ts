import type { ChainRepair } from "./repair.js";

export const repairOrder: ChainRepair = () => undefined;
