import type { Check } from "./check.js";

/** A wrapper function leaves the metadata and properties of the original behind. */
export const ownProperties: Check = {
  id: "own-properties",
  summary: "A wrapper function leaves the metadata and properties of the original behind.",
  strict: false,
  find: () => [],
  message: () => "",
};
