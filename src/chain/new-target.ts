import type { Check } from "./check.js";

/** A `construct` trap builds the base class for every subclass. */
export const newTarget: Check = {
  id: "new-target",
  summary: "A `construct` trap builds the base class for every subclass.",
  strict: false,
  find: () => [],
  message: () => "",
};
