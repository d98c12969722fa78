import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Expr, Fn } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { handedBy, isWholeList, variablesBehind } from "./handed-lists.js";
import { callsOriginal, type Link } from "../links.js";
import { lostThrough } from "./lost-through.js";
import { type Site, sitesIn } from "../originals.js";
import { patchedBy } from "./patched-facts.js";
import { type Replaced, replacedIn } from "./replaced.js";
import { eachExpression } from "../walk.js";

/**
 * A wrapper does not hand all arguments to the original. The first of its `names` is the kind. `one`: the list of arguments is
 * handed over as one argument; its `parts` are the call and the list. `fewer`: the wrapper has fewer parameters than the original
 * takes; its `names` go on with what is replaced and how much it takes, its `parts` are the call and the last that it hands on. `helper`: a function that is given the original and the list
 * hands on a part of it; its `names` go on with how many arguments that is.
 */
export const lostArguments: Check = {
  id: "lost-arguments",
  summary: "A wrapper does not hand all arguments to the original.",
  strict: false,
  find: (project) => replacedIn(project).flatMap((replaced) => breaksOf(replaced, project)),
  message({ names: [kind, first = "", second = ""] }) {
    switch (kind) {
      case "one":
        return "The original is handed the whole list of arguments as its first argument. Spread the list, or use `apply`.";
      case "fewer":
        return `\`${first}\` takes ${second}, and this wrapper hands on no more than it names: what callers pass beyond that is lost. Hand on all arguments.`;
      default:
        return `With a callback the original is handed ${first} alone, whatever else the wrapper was called with: the other arguments are lost on this path. Put the new callback in its place in the list, and hand on the list.`;
    }
  },
};

function breaksOf(replaced: Replaced, project: Project): ChainBreak[] {
  const { link, module } = replaced;
  const { fn, isOriginal } = link;
  const found: ChainBreak[] = [];
  const base = { kind: "chain-break", check: "lost-arguments", link } as const;
  for (const site of sitesIn(fn)) {
    const { call } = site;
    if (!callsOriginal(call, isOriginal)) continue;
    const handed = handedBy(call, isOriginal);
    if (handed.is !== "list") continue;
    const { items } = handed;
    const [only] = items;
    if (only && items.length === 1 && isListOf(only, site, fn) && !isAdapter(only, site, link)) {
      if (takesNone(link)) continue;
      found.push({ ...base, fn: site.fn, at: call.at, call, names: ["one"], parts: [call, only] });
      continue;
    }
    const patched = patchedBy(link, module, project);
    const takes = patched?.facts.takes;
    if (!patched || takes === undefined || !isShort(items, fn, takes)) continue;
    const many = takes === "any" ? "any number of arguments" : `${String(takes)} arguments`;
    found.push({
      ...base,
      fn: site.fn,
      at: call.at,
      call,
      names: ["fewer", patched.name, many],
      parts: [call, ...items.slice(-1)],
    });
  }
  for (const { call, fn: at, count } of lostThrough(link, project)) {
    const names = ["helper", count === 1 ? "that" : `${String(count)} arguments`];
    found.push({ ...base, fn: at, at: call.at, call, names, parts: [call] });
  }
  return found;
}

/** `toString.call(this, arguments)`: what takes nothing loses nothing. */
const takesNone = ({ name, of }: Link): boolean =>
  name !== undefined &&
  /^(toString|valueOf|toLocaleString)$/.test(name) &&
  of?.k === "mem" &&
  of.p === "prototype";

/** The list of the wrapper's own arguments; a function in it that is no arrow has another `arguments`. */
function isListOf(e: Expr, { fn: at }: Site, fn: Fn): boolean {
  if (!isWholeList(e, fn)) return false;
  for (let f: Fn | undefined = at; f && f !== fn; f = f.parent)
    if (f.kind !== "arrow") return !hasArguments(e);
  return true;
}

const hasArguments = (e: Expr): boolean => variablesBehind(e).has("arguments");

/** `api.send = (...all) => send(all)`: another interface, on purpose, unless another path spreads the list. */
function isAdapter(list: Expr, { call }: Site, { by, fn, isOriginal }: Link): boolean {
  if (by === "wrap" || !isOriginal(call.callee) || hasArguments(list)) return false;
  return !sitesIn(fn).some((other) => {
    const handed = callsOriginal(other.call, isOriginal) ? handedBy(other.call, isOriginal) : undefined;
    return handed?.is === "all" && isWholeList(handed.list, fn);
  });
}

/** A list that hands on every parameter that the wrapper names, and the original takes more. */
function isShort(items: readonly Expr[], fn: Fn, takes: number | "any"): boolean {
  const named = fn.params;
  if (fn.rest || named.length === 0 || (takes !== "any" && Math.max(named.length, items.length) >= takes))
    return false;
  let usesArguments = false;
  eachExpression(fn.body, (e) => {
    usesArguments ||= e.k === "id" && e.name === "arguments" && e.bind === undefined;
  });
  if (usesArguments) return false;
  const behind = new Set(items.flatMap((item) => [...variablesBehind(item)]));
  return named.every((binds) => binds.length === 1 && binds.every((bind) => behind.has(bind)));
}
