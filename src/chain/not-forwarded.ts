import type { Check } from "./check.js";

/** An interceptor leaves out a call or an event that the next link needs. */
export const notForwarded: Check = {
  id: "not-forwarded",
  summary: "An interceptor leaves out a call or an event that the next link needs.",
  strict: false,
  find: () => [],
  message: () => "",
};
