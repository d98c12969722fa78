import type { Check } from "./check.js";

/** A member that the second major version of the OpenTelemetry SDK removed. */
export const removedMember: Check = {
  id: "removed-member",
  summary: "A member that the second major version of the OpenTelemetry SDK removed.",
  strict: false,
  find: () => [],
  message: () => "",
};
