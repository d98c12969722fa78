import type { ChainRepair } from "./repair.js";

export const repairDroppedResult: ChainRepair = () => undefined;
