import type { Check } from "./check.js";

/** A stand-in for a provider lacks members that its users call. */
export const standIn: Check = {
  id: "stand-in",
  summary: "A stand-in for a provider lacks members that its users call.",
  strict: false,
  find: () => [],
  message: () => "",
};
