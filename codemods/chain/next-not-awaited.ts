import type { ChainRepair } from "./repair.js";

export const repairNextNotAwaited: ChainRepair = () => undefined;
