import type { Check } from "./check.js";

/** Interceptors of one call replace those of the client. */
export const callLevel: Check = {
  id: "call-level",
  summary: "Interceptors of one call replace those of the client.",
  strict: false,
  find: () => [],
  message: () => "",
};
