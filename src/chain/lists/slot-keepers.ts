import { slotKeepers } from "../../knowledge/handler-slots.js";
import type { Project } from "../../program/project.js";
import type { Binding, Call, Expr, Fn, Module } from "../../syntax/ir.js";
import { evaluates } from "../../syntax/parts.js";
import { isWithin } from "../links.js";

export type Keeper = (typeof slotKeepers)[number];

/** The start of an SDK that puts itself into slots. */
export interface Start {
  keeper: Keeper;
  call: Call;
  fn: Fn;
}

/**
 * What was surely in a slot when a module writes to it: an SDK that the module started further up, or that a module which it
 * imports starts when it is loaded.
 */
export function keptBefore(slot: string, at: number, module: Module, project: Project): Start | undefined {
  const own = startsIn(module, project).filter(({ fn, call }) => fn === module.top && call.at[1] <= at);
  const imported = module.imports.flatMap(({ specifier, typeOnly }) => {
    const file = typeOnly ? undefined : project.index.resolve(module.file, specifier);
    const other = file === undefined ? undefined : project.module(file);
    return other ? startsIn(other, project).filter(({ fn }) => fn === other.top) : [];
  });
  return [...own, ...imported].find(({ keeper, call }) => keeper.slots.has(slot) && !leavesAlone(call, slot));
}

/** `globalHandlersIntegration({ onerror: false })`. */
const leavesAlone = ({ args }: Call, slot: string): boolean =>
  args.some((a) =>
    evaluates(a, (e) => e.k === "obj" && e.props.some((p) => p.name === slot && isFalse(p.value))),
  );

const isFalse = (e: Expr): boolean => e.k === "lit" && e.v === false;

/** Every start in a module, also by a call of a function of the program that does it. */
function startsIn(module: Module, project: Project): Start[] {
  return module.calls.flatMap(({ call, fn }): Start[] => {
    const keeper = keeperStartedBy(call) ?? keeperStartedIn(call, module, project);
    return keeper ? [{ keeper, call, fn }] : [];
  });
}

function keeperStartedIn(call: Call, module: Module, project: Project): Keeper | undefined {
  const [only, ...more] = project.values.of(call.callee, module);
  if (only?.v !== "fn" || more.length > 0) return undefined;
  return only.fn.module.calls.flatMap((c) => (c.fn === only.fn ? (keeperStartedBy(c.call) ?? []) : []))[0];
}

/** `Sentry.init(...)`, `init(...)`, `datadogRum.init(...)`, with nothing that keeps it out of its slots. */
function keeperStartedBy({ callee, args: [options] }: Call): Keeper | undefined {
  const name = callee.k === "mem" ? callee.p : callee.k === "id" ? callee.bind?.from?.name : undefined;
  const keeper = name === undefined ? undefined : keeperOf(callee, (k) => k.starts.has(name));
  const isOff =
    options?.k === "obj" &&
    options.props.some((p) => keeper?.unless?.has(p.name ?? "") === true && isFalse(p.value));
  return isOff ? undefined : keeper;
}

/** The SDK whose package an expression comes from. */
export function keeperOf(e: Expr, wanted: (keeper: Keeper) => boolean = () => true): Keeper | undefined {
  const specifier = importOf(e)?.from?.specifier;
  return specifier === undefined
    ? undefined
    : slotKeepers.find((k) => k.packages.test(specifier) && wanted(k));
}

function importOf(e: Expr): Binding | undefined {
  if (e.k === "id") return e.bind;
  return e.k === "mem" ? importOf(e.o) : e.k === "call" ? importOf(e.callee) : undefined;
}

/**
 * Whether a handler keeps an error to itself: it only writes to the console or the page. A call that the program does not show
 * may tell an SDK.
 */
export function keepsToItself(handler: Fn, project: Project, depth = 0): boolean {
  return (
    depth < 4 &&
    handler.module.calls.every(
      ({ call, fn }) => !isWithin(fn, handler) || isHarmless(call, handler.module, project, depth),
    )
  );
}

function isHarmless({ callee }: Call, module: Module, project: Project, depth: number): boolean {
  if (isOfThePage(callee)) return true;
  const values = project.values.of(callee, module);
  return values.length > 0 && values.every((v) => v.v === "fn" && keepsToItself(v.fn, project, depth + 1));
}

/** `console.error(...)`, `document.getElementById(...)`, `String(...)`, `message.includes(...)`. */
function isOfThePage(callee: Expr): boolean {
  if (callee.k === "id") return !callee.bind && GLOBALS.has(callee.name);
  if (callee.k !== "mem") return false;
  if (PLAIN.has(callee.p ?? "")) return true;
  const root = rootOf(callee.o);
  return root.k === "id" && !root.bind && GLOBALS.has(root.name);
}

/** The leftmost part of a member or call. */
export const rootOf = (e: Expr): Expr =>
  e.k === "mem" ? rootOf(e.o) : e.k === "call" ? rootOf(e.callee) : e;

const GLOBALS = new Set([
  "console",
  "document",
  "location",
  "JSON",
  "String",
  "Number",
  "Boolean",
  "Error",
  "Date",
  "Object",
  "Array",
  "Math",
  "alert",
]);

/** Methods of texts, lists and nodes that tell nobody. */
const PLAIN = new Set([
  "includes",
  "indexOf",
  "startsWith",
  "endsWith",
  "match",
  "test",
  "slice",
  "split",
  "join",
  "replace",
  "trim",
  "toString",
  "toLowerCase",
  "map",
  "filter",
  "concat",
  "push",
  "preventDefault",
  "stopPropagation",
  "appendChild",
  "append",
  "setAttribute",
  "add",
  "remove",
]);
