import type { Check } from "./check.js";

/** A wrapper returns a plain promise where the original returns one with methods of its own. */
export const promiseSubclass: Check = {
  id: "promise-subclass",
  summary: "A wrapper returns a plain promise where the original returns one with methods of its own.",
  strict: false,
  find: () => [],
  message: () => "",
};
