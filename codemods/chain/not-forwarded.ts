import type { ChainRepair } from "./repair.js";

export const repairNotForwarded: ChainRepair = () => undefined;
