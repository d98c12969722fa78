import type { ChainRepair } from "./repair.js";

export const repairLostArguments: ChainRepair = () => undefined;
