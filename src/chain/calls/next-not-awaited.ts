import { linkWords } from "../../knowledge/link-words.js";
import type { ChainBreak } from "../../program/details.js";
import type { Call } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { modulesSaying } from "../modules.js";
import { type Early, type Missed, missedIn } from "./next-uses.js";

/**
 * A span around `next` ends before what it should measure. Its `parts` are the call that should be waited for; the first of its
 * `names` is the kind of miss.
 */
export const nextNotAwaited: Check = {
  id: "next-not-awaited",
  summary: "A span around `next` ends before what it should measure.",
  strict: true,
  find: (project) =>
    modulesSaying(linkWords.middleware, project).flatMap((module) =>
      missedIn(module, project).map((missed) => broken(missed)),
    ),
  message({ names: [miss = "", framework = "", early = "", callee = ""] }) {
    const before = tooEarly[early] ?? "";
    switch (miss) {
      case "dropped":
        return `Nobody waits for \`${callee}\`: ${framework} answers before the route is done, and ${before}. Write \`await ${callee}\`.`;
      case "kept":
        return `\`${callee}\` is not awaited before the span ends: the span measures nothing of what comes behind it. Write \`await ${callee}\`.`;
      case "returned":
        return `\`return ${callee}\` leaves the \`try\` before the promise is settled, and ${before}. Write \`return await ${callee}\`.`;
      case "carrier":
        return `Nobody waits for the promise of \`${callee}\`, in which \`next\` runs: ${framework} answers before the route is done, and its errors reach nobody. Await or return it.`;
      case "empty":
        return `In ${framework} \`${callee}\` gives nothing to wait for: ${before}. Do that when the response emits \`finish\` or \`close\`.`;
      default:
        return `Nobody waits for \`${callee}\`: ${framework} answers before the route is done, and its errors reach nobody. Write \`await ${callee}\`.`;
    }
  },
};

/** What comes too early, in the words of the message. */
const tooEarly: Readonly<Record<string, string>> = {
  span: "the span ends before what it should measure",
  answer: "the answer is read before it is there",
  time: "the time that is taken does not cover it",
  error: "the `catch` that should tell telemetry never hears of an error",
};

function broken({ miss, call, fn, middleware, early, unsure }: Missed): ChainBreak {
  return {
    kind: "chain-break",
    check: "next-not-awaited",
    fn,
    at: call.at,
    call,
    names: [miss, middleware.facts.name, early?.what ?? "", written(call)],
    strict: unsure,
    others: others(early, fn),
    parts: [call],
  };
}

/** A call as it is written, what it is given left out. */
function written({ callee, args }: Call): string {
  const given = args.length > 0 ? "(...)" : "()";
  if (callee.k === "id") return callee.name + given;
  if (callee.k !== "mem") return `call${given}`;
  return `${callee.o.k === "id" ? `${callee.o.name}.` : ""}${callee.p ?? ""}${given}`;
}

const said: Record<Early["what"], string> = {
  span: "the span ends here",
  answer: "the answer is read here",
  time: "the time is taken here",
  error: "the error is waited for here",
};

const others = (early: Early | undefined, fn: Missed["fn"]): ChainBreak["others"] =>
  early ? [{ fn, at: early.at, message: said[early.what] }] : [];
