import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Check } from "../../program/rule-of-checks.js";
import { dropsOf } from "./drops.js";
import { forgottenIn } from "./kept-results.js";
import { isNothing } from "../originals.js";
import { patchedBy } from "./patched-facts.js";
import { exitsOf } from "./paths.js";
import { type Replaced, replacedIn } from "./replaced.js";

/**
 * A wrapper calls the original and drops its result. Its `parts` are the call of the original and, where that stands in
 * a callback, the call that runs it. Its `names` are what is
 * replaced and what its callers should get; or, where the result is kept and forgotten on one path, the variable alone.
 */
export const droppedResult: Check = {
  id: "dropped-result",
  summary: "A wrapper calls the original and drops its result.",
  strict: false,
  find: (project) => replacedIn(project).flatMap((replaced) => breaksOf(replaced, project)),
  message: ({ names: [name = "", given] }) =>
    given === undefined
      ? `This path of the wrapper returns nothing although other paths return \`${name}\`, the result of the original: its callers get undefined. Return \`${name}\` here as well.`
      : `The wrapper around \`${name}\` drops what the original returns: its callers get undefined in place of ${given}. Return the result of the original.`,
};

function breaksOf(replaced: Replaced, project: Project): ChainBreak[] {
  const { link, module } = replaced;
  const { fn } = link;
  const patched = patchedBy(link, module, project);
  if (patched && patched.facts.gives === undefined) return [];
  const drop = patched && !isListener(patched.name) ? firstDrop(link) : undefined;
  if (drop && patched) {
    const { name, facts } = patched;
    const names = [name, facts.gives ?? ""];
    return [
      {
        ...of(replaced),
        at: drop.call.at,
        call: drop.call,
        fn,
        names,
        parts: [drop.call, ...(drop.through ? [drop.through] : [])],
      },
    ];
  }
  return forgottenIn(link).map(({ bind, call, exit: { statement } }) => ({
    ...of(replaced),
    at: statement?.at ?? call.at,
    call,
    fn,
    names: [bind.name],
    parts: [call],
    others: [{ fn, at: call.at, message: "the original is called here" }],
  }));
}

const of = ({ link }: Replaced): Pick<ChainBreak, "kind" | "check" | "link"> => ({
  kind: "chain-break",
  check: "dropped-result",
  link,
});

/** Who calls `onerror` or `onMessage` looks at no result. */
const isListener = (name: string): boolean => /(?:^|\.)on(?!ce$)[\w$]+$/.test(name);

/** The first call of the original that is dropped on a path that returns nothing. */
function firstDrop(link: Replaced["link"]) {
  const drops = dropsOf(link);
  if (drops.length === 0) return undefined;
  const exits = exitsOf(
    link.fn,
    drops.map(
      ({ statement }) =>
        (e) =>
          e === statement.e,
    ),
  ).filter(({ e }) => isNothing(e));
  return drops.find((_, i) => exits.some(({ passed }) => passed[i] !== "no"));
}
