import type { ChainRepair } from "./repair.js";

export const repairTapEndsSpan: ChainRepair = () => undefined;
