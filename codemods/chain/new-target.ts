import type { ChainRepair } from "./repair.js";

export const repairNewTarget: ChainRepair = () => undefined;
