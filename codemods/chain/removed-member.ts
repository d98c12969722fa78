import type { ChainRepair } from "./repair.js";

export const repairRemovedMember: ChainRepair = () => undefined;
