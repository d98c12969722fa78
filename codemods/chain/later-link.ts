import type { ChainRepair } from "./repair.js";

export const repairLaterLink: ChainRepair = () => undefined;
