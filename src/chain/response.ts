import type { Check } from "./check.js";

/** A wrapper of `fetch` returns something else than the response. */
export const response: Check = {
  id: "response",
  summary: "A wrapper of `fetch` returns something else than the response.",
  strict: false,
  find: () => [],
  message: () => "",
};
