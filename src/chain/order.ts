import type { Check } from "./check.js";

/** A link that reads the active span stands outside of the link that makes it. */
export const order: Check = {
  id: "order",
  summary: "A link that reads the active span stands outside of the link that makes it.",
  strict: true,
  find: () => [],
  message: () => "",
};
