import type { Check } from "./check.js";

/** The global tracer provider is a proxy that has no member of the SDK's provider. */
export const globalProvider: Check = {
  id: "global-provider",
  summary: "The global tracer provider is a proxy that has no member of the SDK's provider.",
  strict: false,
  find: () => [],
  message: () => "",
};
