import type { Project } from "../../program/project.js";
import type { Binding, Call, Expr, Fn } from "../../syntax/ir.js";
import { evaluates } from "../../syntax/parts.js";
import { handedBy, isWholeList } from "./handed-lists.js";
import { callsOriginal, type Link } from "../links.js";
import { readsOf, type Site, sitesIn } from "../originals.js";
import { isRead } from "../same.js";
import { eachExpression } from "../walk.js";

/** A call of the original in a function that it was handed to. */
export interface LostThrough {
  call: Call;
  fn: Fn;
  /** How many arguments it is handed. */
  count: number;
}

/** A function of the program that was given the original, and maybe the whole list of arguments. */
interface Helper {
  fn: Fn;
  original: Binding;
  list: Binding | undefined;
}

const MAX_HANDS = 3;

/**
 * Calls of the original in functions that it is handed to, which hand on fewer arguments than the replacement names, while another
 * path of these functions hands on the whole list.
 */
export function lostThrough(link: Link, project: Project): LostThrough[] {
  const named = link.fn.params.length;
  if (link.fn.rest || named < 2) return [];
  return sitesIn(link.fn)
    .flatMap((site) => helpersOf(site, link.isOriginal, (e) => isWholeList(e, link.fn), project))
    .filter(({ list }) => list !== undefined)
    .flatMap((helper) => (handsOnAll(helper) ? shortIn(helper, named, project, 0) : []));
}

/** The functions of the program that a call hands the original to. */
function helpersOf(
  { call, fn }: Site,
  isOriginal: (e: Expr) => boolean,
  isList: (e: Expr) => boolean,
  project: Project,
): Helper[] {
  const at = call.args.findIndex(isOriginal);
  if (at < 0 || call.args.some((a) => a.k === "spread") || callsOriginal(call, isOriginal)) return [];
  const list = call.args.findIndex(isList);
  return project.values.of(call.callee, fn.module).flatMap((v): Helper[] => {
    if (v.v !== "fn") return [];
    const [original] = v.fn.params[at] ?? [];
    return original ? [{ fn: v.fn, original, list: v.fn.params[list]?.[0] }] : [];
  });
}

/** One path hands on the list that came in, and nothing looks at how long it is. */
function handsOnAll({ fn, original, list }: Helper): boolean {
  if (!list) return false;
  let looksAt = false;
  eachExpression(fn.body, (e) => {
    if (e.k === "mem" && isRead(e.o, list)) looksAt = true;
  });
  const isOriginal = readsOf(original);
  return (
    !looksAt &&
    sitesIn(fn).some(({ call }) => {
      const handed = callsOriginal(call, isOriginal) ? handedBy(call, isOriginal) : undefined;
      return handed?.is === "all" && isRead(handed.list, list);
    })
  );
}

/** Calls that hand on a list of their own that is shorter than what the replacement names. */
function shortIn(
  { fn, original, list }: Helper,
  named: number,
  project: Project,
  hands: number,
): LostThrough[] {
  const isOriginal = readsOf(original);
  const isList = (e: Expr): boolean => list !== undefined && evaluates(e, (part) => isRead(part, list));
  return sitesIn(fn).flatMap((site) => {
    const { call } = site;
    if (callsOriginal(call, isOriginal)) {
      const handed = handedBy(call, isOriginal);
      const isShort = handed.is === "list" && handed.items.length > 0 && handed.items.length < named;
      return isShort && !handed.items.some(isList) ? [{ call, fn: site.fn, count: handed.items.length }] : [];
    }
    if (hands >= MAX_HANDS || call.args.some(isList)) return [];
    return helpersOf(site, isOriginal, () => false, project).flatMap((helper) =>
      helper.fn === fn ? [] : shortIn(helper, named, project, hands + 1),
    );
  });
}
