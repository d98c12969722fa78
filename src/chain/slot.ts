import type { Check } from "./check.js";

/** A global handler is overwritten and what stood there is lost. */
export const slot: Check = {
  id: "slot",
  summary: "A global handler is overwritten and what stood there is lost.",
  strict: false,
  find: () => [],
  message: () => "",
};
