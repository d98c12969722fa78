import type { Check } from "./check.js";

/** A spread of options overwrites a list of links. */
export const lostList: Check = {
  id: "lost-list",
  summary: "A spread of options overwrites a list of links.",
  strict: false,
  find: () => [],
  message: () => "",
};
