import type { ChainRepair } from "./repair.js";

export const repairPromiseSubclass: ChainRepair = () => undefined;
