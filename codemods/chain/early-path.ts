import type { ChainRepair } from "./repair.js";

export const repairEarlyPath: ChainRepair = () => undefined;
