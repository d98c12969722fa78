import type { Project } from "../../program/project.js";
import type { Check } from "../../program/rule-of-checks.js";
import { asyncPlain } from "./result-kinds/async-plain.js";
import { droppedEnds } from "./result-kinds/dropped-ends.js";
import { withoutPromise } from "./result-kinds/without-promise.js";

/**
 * A link returns nothing where a promise is expected, or a promise where a plain value is. `names`: the kind of fault, the method,
 * what it is a method of, and the harm. `nothing`: it returns nothing. `dropped`: it drops the promise of what it wraps. `promise`:
 * it is async.
 */
export const resultKind: Check = {
  id: "result-kind",
  summary: "A link returns nothing where a promise is expected, or a promise where a plain value is.",
  strict: false,
  find: (project: Project) => [...droppedEnds(project), ...withoutPromise(project), ...asyncPlain(project)],
  message: ({ names: [fault = "", method = "", of = "", harm = ""] }) => {
    switch (fault) {
      case "dropped":
        return `\`${method}\` of ${of} calls \`${harm}\` and drops the promise: whoever waits for it goes on before what is still held there was sent. Return the promise.`;
      case "promise":
        return `\`${method}\` of ${of} is async, and its callers use what it returns at once: ${harm}. Make it an ordinary function.`;
      default:
        return `\`${method}\` of ${of} returns nothing where its callers expect a promise: ${harm}. Return a resolved promise.`;
    }
  },
};
