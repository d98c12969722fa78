import type { ChainRepair } from "./repair.js";

export const repairConcreteUse: ChainRepair = () => undefined;
