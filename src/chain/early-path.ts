import type { Check } from "./check.js";

/** A path of a wrapper never calls the original. */
export const earlyPath: Check = {
  id: "early-path",
  summary: "A path of a wrapper never calls the original.",
  strict: false,
  find: () => [],
  message: () => "",
};
