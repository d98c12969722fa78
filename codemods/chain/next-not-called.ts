import type { ChainRepair } from "./repair.js";

export const repairNextNotCalled: ChainRepair = () => undefined;
