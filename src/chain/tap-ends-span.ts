import type { Check } from "./check.js";

/** A span ends in `tap`, which errors and cancelled requests never reach. */
export const tapEndsSpan: Check = {
  id: "tap-ends-span",
  summary: "A span ends in `tap`, which errors and cancelled requests never reach.",
  strict: false,
  find: () => [],
  message: () => "",
};
