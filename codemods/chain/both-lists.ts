import type { ChainRepair } from "./repair.js";

export const repairBothLists: ChainRepair = () => undefined;
