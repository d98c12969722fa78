import type { Check } from "./check.js";

/** A span around `next` ends before what it should measure. */
export const nextNotAwaited: Check = {
  id: "next-not-awaited",
  summary: "A span around `next` ends before what it should measure.",
  strict: false,
  find: () => [],
  message: () => "",
};
