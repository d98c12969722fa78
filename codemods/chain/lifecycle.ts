import type { ChainRepair } from "./repair.js";

export const repairLifecycle: ChainRepair = () => undefined;
