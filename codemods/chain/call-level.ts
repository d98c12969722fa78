import type { ChainRepair } from "./repair.js";

export const repairCallLevel: ChainRepair = () => undefined;
