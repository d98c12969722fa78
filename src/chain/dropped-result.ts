import type { Check } from "./check.js";

/** A wrapper calls the original and drops its result. */
export const droppedResult: Check = {
  id: "dropped-result",
  summary: "A wrapper calls the original and drops its result.",
  strict: false,
  find: () => [],
  message: () => "",
};
