import type { Check } from "./check.js";

/** A wrapper hands on fewer or other arguments than it was given. */
export const lostArguments: Check = {
  id: "lost-arguments",
  summary: "A wrapper hands on fewer or other arguments than it was given.",
  strict: false,
  find: () => [],
  message: () => "",
};
