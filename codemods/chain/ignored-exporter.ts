import type { ChainRepair } from "./repair.js";

export const repairIgnoredExporter: ChainRepair = () => undefined;
