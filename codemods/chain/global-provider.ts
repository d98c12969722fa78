import type { ChainRepair } from "./repair.js";

export const repairGlobalProvider: ChainRepair = () => undefined;
