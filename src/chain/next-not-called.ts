import type { Check } from "./check.js";

/** Middleware names `next` and never calls it. */
export const nextNotCalled: Check = {
  id: "next-not-called",
  summary: "Middleware names `next` and never calls it.",
  strict: false,
  find: () => [],
  message: () => "",
};
