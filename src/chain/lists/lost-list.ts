import { linkLists, telemetryLists } from "../../knowledge/link-lists.js";
import { linkWords } from "../../knowledge/link-words.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Binding, Expr, Fn, Module } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { holds, itemName, listOf } from "./lists.js";
import { modulesSaying } from "../modules.js";
import { layersOf, type Obj, type Option } from "./options.js";
import { isRead } from "../same.js";
import { isTelemetry } from "./telemetry-links.js";
import { expressionsIn } from "../walk.js";

/**
 * Options that are spread and a list of links beside them: the later one replaces the earlier one, and the links of that never
 * run. Where other places use the spread options as they are, the list may be replaced on purpose: then it is strict.
 * `names`: the option, `before` or `behind` (where the spread stands), then what does not run. `parts`: the list that is lost,
 * the list that counts, what is spread.
 */
export const lostList: Check = {
  id: "lost-list",
  summary: "An options spread loses a list of links: the one that comes later replaces the other.",
  strict: false,
  find: (project) =>
    modulesSaying(linkWords.setup, project).flatMap((module) =>
      expressionsIn(module).flatMap(({ e, fn }) =>
        e.k === "obj" && e.props.some((p) => p.value.k === "spread") ? lostIn(e, fn, project) : [],
      ),
    ),
  message: ({ names: [option = "", where, ...lost] }) =>
    `This \`${option}\` ${where === "before" ? "replaces" : "is replaced by"} the one that is spread ${
      where === "before" ? "before" : "behind"
    } it, so ${lost.join(" and ")} ${lost.length > 1 ? "do" : "does"} not run: make one list of both.`,
};

function lostIn(obj: Obj, fn: Fn, project: Project): ChainBreak[] {
  const { all } = layersOf(obj, fn.module, project);
  return [...linkLists].flatMap((name): ChainBreak[] => {
    const same = all.filter((o) => o.name === name);
    const own = same.find((o) => o.spread === undefined);
    if (!own) return [];
    const at = same.indexOf(own);
    const behind = same.slice(at + 1).find((o) => o.sure);
    if (behind) return broken(own, behind, behind, false, fn, project);
    const before = at + 1 === same.length ? same.slice(0, at).findLast((o) => o.sure) : undefined;
    if (!before) return [];
    const isChosen = !isAlwaysReplaced(before.spread, name, fn.module);
    return broken(before, own, before, isChosen, fn, project);
  });
}

/** The finding, if links of telemetry are in the list that is lost and not in the one that counts. */
function broken(
  lost: Option,
  kept: Option,
  { spread, module: home, value }: Option,
  strict: boolean,
  fn: Fn,
  project: Project,
): ChainBreak[] {
  const items = lostItems(lost, kept, project);
  if (items.length === 0 || !spread) return [];
  const own = lost.spread ? kept : lost;
  return [
    {
      kind: "chain-break",
      check: lostList.id,
      fn,
      at: own.value.at,
      names: [
        lost.name,
        own === kept ? "before" : "behind",
        ...new Set(items.map((i) => `\`${itemName(i)}\``)),
      ],
      ...(strict ? { strict } : {}),
      parts: [lost.value, kept.value, spread],
      others: [
        {
          fn: home === fn.module ? fn : home.top,
          at: value.at,
          message: own === kept ? "this list is lost" : "this list counts",
        },
      ],
    },
  ];
}

function lostItems(lost: Option, kept: Option, project: Project): readonly Expr[] {
  const gone = listOf(lost.value, lost.module, project);
  const there = listOf(kept.value, kept.module, project);
  if (!gone || !there) return [];
  const lists = [there, ...there.spreads.flatMap((e) => listOf(e, kept.module, project) ?? [])];
  // what is spread into it and not known may be the very list
  if (lists.length <= there.spreads.length || lists.slice(1).some((l) => l.spreads.length > 0)) return [];
  const items = gone.items.filter((item) => !lists.some((l) => holds(l, item, gone.module, project)));
  const isLoss =
    telemetryLists.has(lost.name) || items.some((item) => isTelemetry(item, lost.module, project));
  return isLoss ? items : [];
}

/** Whether every place that reads the spread options replaces the list: then it is there for nothing. */
function isAlwaysReplaced(spread: Expr | undefined, name: string, module: Module): boolean {
  const bind = spread?.k === "id" ? spread.bind : undefined;
  if (bind?.kind !== "var" || bind.values.length !== 1) return false;
  if ([...module.exports.values()].some((x) => x.kind === "value" && isRead(x.e, bind))) return false;
  const replaced = expressionsIn(module).flatMap(({ e }) => (e.k === "obj" ? replacedIn(e, name, bind) : []));
  return bind.uses.every(({ at }) => replaced.includes(at[0]));
}

/** Where a literal spreads a variable and replaces the list behind that. */
const replacedIn = ({ props }: Obj, name: string, bind: Binding): number[] =>
  props.flatMap(({ value }, i) =>
    value.k === "spread" && isRead(value.e, bind) && props.slice(i + 1).some((p) => p.name === name)
      ? [value.e.at[0]]
      : [],
  );
