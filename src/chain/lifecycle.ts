import type { Check } from "./check.js";

/** A wrapper around a processor or exporter does not hand on `shutdown` or `forceFlush`. */
export const lifecycle: Check = {
  id: "lifecycle",
  summary: "A wrapper around a processor or exporter does not hand on `shutdown` or `forceFlush`.",
  strict: false,
  find: () => [],
  message: () => "",
};
