import type { Check } from "./check.js";

/** A value that may be wrapped is used as the class that it was before. */
export const concreteUse: Check = {
  id: "concrete-use",
  summary: "A value that may be wrapped is used as the class that it was before.",
  strict: false,
  find: () => [],
  message: () => "",
};
