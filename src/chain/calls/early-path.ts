import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Call, Expr } from "../../syntax/ir.js";
import { evaluates } from "../../syntax/parts.js";
import type { Check } from "../../program/rule-of-checks.js";
import type { Link } from "../links.js";
import { callsOriginal, isCalledIn, isNothing, sitesIn } from "../originals.js";
import { patchedBy } from "./patched-facts.js";
import { type Exit, exitsOf } from "./paths.js";
import { type Replaced, replacedIn } from "./replaced.js";
import { asksForTelemetry, dependsOnArguments } from "./telemetry-state.js";
import { usesOriginal } from "./uses.js";

/**
 * A path of a wrapper returns nothing before the original is called. Its `parts` are the calls of the original on other paths. Its
 * `names` are what is replaced, if that is known.
 */
export const earlyPath: Check = {
  id: "early-path",
  summary: "A path of a wrapper never calls the original.",
  strict: false,
  find: (project) => replacedIn(project).flatMap((replaced) => breaksOf(replaced, project)),
  message: ({ names: [name] }) =>
    `This path of the wrapper${name === undefined ? "" : ` around \`${name}\``} returns before the original is called: what it wraps does not happen at all. Return the original's result here, and leave out only the telemetry.`,
};

function breaksOf({ link, module }: Replaced, project: Project): ChainBreak[] {
  const { fn } = link;
  const exits = exitsOf(fn, [usesOriginal(link)]);
  const forwarded = exits.filter(({ e }) => e !== undefined && givesResult(e, link));
  if (forwarded.length === 0) return [];
  const patched = patchedBy(link, module, project);
  if (patched && patched.facts.gives === undefined) return [];
  return exits
    .filter((exit) => isEarly(exit))
    .filter(({ tests }) => !tests.some((t) => dependsOnArguments(t, fn)))
    .filter(
      ({ tests }) =>
        tests.some((t) => asksForTelemetry(t, fn.module, project)) ||
        (patched?.facts.relied === true && !tests.some(isOnPurpose)),
    )
    .map(({ at, tests }) => ({
      kind: "chain-break",
      check: "early-path",
      fn,
      at,
      link,
      names: [patched?.name ?? link.name ?? []].flat(),
      parts: callsOf(link),
      others: tests.slice(-1).map((t) => ({ fn, at: t.at, message: "under this condition" })),
    }));
}

/** `return;` and `return null` under a condition, before anything has to do with the original. */
const isEarly = ({ e, statement, passed, tests }: Exit): boolean =>
  statement !== undefined && isNothing(e) && passed[0] === "no" && tests.length > 0;

/** The calls of the original, where `this` and `arguments` are those of the replacement. */
const callsOf = ({ fn, isOriginal }: Link): Call[] =>
  sitesIn(fn).flatMap(({ call, fn: at }) => {
    let outer = at;
    while (outer !== fn && outer.kind === "arrow" && outer.parent) outer = outer.parent;
    return outer === fn && callsOriginal(call, isOriginal) ? [call] : [];
  });

/** Whether what is returned is made of what the original gives: its call, a
 * callback that calls it, or a variable that holds the result. */
function givesResult(e: Expr, link: Link): boolean {
  const holds = (part: Expr): boolean =>
    (part.k === "call" && callsOriginal(part, link.isOriginal)) ||
    (part.k === "fn" && isCalledIn(part.fn, link.isOriginal)) ||
    (part.k === "id" &&
      part.bind?.owner === link.fn &&
      part.bind.values.some((v) => {
        const value = v.k === "await" ? v.e : v;
        return value.k === "call" && callsOriginal(value, link.isOriginal);
      }));
  return evaluates(e, holds);
}

/** Words of those who keep a call back on purpose. */
const ON_PURPOSE =
  /abort|block|limit|allow|permit|auth|mute|silen|suppress|quiet|debounc|throttl|dedup|once|cache|cancel|clos|destroy|dispos|pend|running|busy|lock|called|done|ready|open|connect|offline|defer|queue|paus|skip|ignore|dry/i;

const isOnPurpose = (test: Expr): boolean =>
  evaluates(
    test,
    (e) =>
      (e.k === "id" && ON_PURPOSE.test(e.name)) ||
      (e.k === "mem" && e.p !== undefined && ON_PURPOSE.test(e.p)),
  );
