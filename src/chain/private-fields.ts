import type { Check } from "./check.js";

/** A `Proxy` stands in front of an instance whose methods need its private fields. */
export const privateFields: Check = {
  id: "private-fields",
  summary: "A `Proxy` stands in front of an instance whose methods need its private fields.",
  strict: false,
  find: () => [],
  message: () => "",
};
