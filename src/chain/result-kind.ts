import type { Check } from "./check.js";

/** A link returns nothing where a promise is expected, or a promise where a plain value is. */
export const resultKind: Check = {
  id: "result-kind",
  summary: "A link returns nothing where a promise is expected, or a promise where a plain value is.",
  strict: false,
  find: () => [],
  message: () => "",
};
