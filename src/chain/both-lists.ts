import type { Check } from "./check.js";

/** `interceptors` and `interceptor_providers` exclude each other. */
export const bothLists: Check = {
  id: "both-lists",
  summary: "`interceptors` and `interceptor_providers` exclude each other.",
  strict: false,
  find: () => [],
  message: () => "",
};
