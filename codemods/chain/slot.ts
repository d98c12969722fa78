import type { ChainRepair } from "./repair.js";

export const repairSlot: ChainRepair = () => undefined;
