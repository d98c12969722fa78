import type { Check } from "./check.js";

/** A link changes what the links after it read. */
export const laterLink: Check = {
  id: "later-link",
  summary: "A link changes what the links after it read.",
  strict: false,
  find: () => [],
  message: () => "",
};
