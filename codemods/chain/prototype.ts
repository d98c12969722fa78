import type { ChainRepair } from "./repair.js";

export const repairPrototype: ChainRepair = () => undefined;
