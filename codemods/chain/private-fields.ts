import type { ChainRepair } from "./repair.js";

export const repairPrivateFields: ChainRepair = () => undefined;
