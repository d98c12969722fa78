import type { Check } from "./check.js";

/** A copy or heir of an instance stands in its place and leaves methods or fields behind. */
export const prototype: Check = {
  id: "prototype",
  summary: "A copy or heir of an instance stands in its place and leaves methods or fields behind.",
  strict: false,
  find: () => [],
  message: () => "",
};
