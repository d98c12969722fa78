import { linkWords } from "../../knowledge/link-words.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Check } from "../../program/rule-of-checks.js";
import { fetchLinksOf, responseLinksOf } from "./fetch-links.js";
import type { Link } from "../links.js";
import { modulesSaying } from "../modules.js";
import { otherResponsesOf, type OtherResponse } from "./other-responses.js";

/**
 * A wrapper of `fetch` returns something else than the response. `names`: the shape, and for `rebuilt` the variable that holds
 * the response. `parts`: what is returned instead.
 */
export const response: Check = {
  id: "response",
  summary: "A wrapper of `fetch` or of a handler returns something else than the response.",
  strict: false,
  find(project) {
    const found = new Map<unknown, ChainBreak>();
    for (const module of modulesSaying(linkWords.response, project)) {
      const fetches = fetchLinksOf(module, project);
      for (const link of fetches) keep(found, link, (o) => o.shape !== "body" || isInPlace(link), project);
      for (const link of responseLinksOf(module, project))
        keep(found, link, (o) => o.shape === "body", project);
    }
    return [...found.values()];
  },
  message({ names: [shape] }) {
    if (shape === "body")
      return "This wrapper returns what it read from the response in place of the response, without its status and headers: return the response, and read a clone of it.";
    return shape === "proxy"
      ? "This wrapper of `fetch` returns a `Proxy`, which whatever asks for a real response rejects (`WebAssembly.compileStreaming`, a cache): return the response, and read a clone of it."
      : "This wrapper of `fetch` returns a new `Response`, whose `url`, `type` and `redirected` are empty: return the response it was given, and read a clone of it.";
  },
};

/** The link stands where `fetch` stood: whoever calls it expects a response. */
const isInPlace = ({ by }: Link): boolean => by !== "around";

/** One finding for a link: it is one decision to hand out something else. */
function keep(
  found: Map<unknown, ChainBreak>,
  link: Link,
  wanted: (other: OtherResponse) => boolean,
  project: Project,
): void {
  if (found.has(link.fn)) return;
  const [first, ...more] = otherResponsesOf(link, project).filter(wanted);
  if (!first) return;
  found.set(link.fn, {
    kind: "chain-break",
    check: "response",
    fn: first.fn,
    at: first.at,
    link,
    names: [first.shape, first.answer?.name ?? ""],
    parts: [first.e],
    others: more.map(({ fn, at }) => ({ fn, at, message: "And here" })),
  });
}
