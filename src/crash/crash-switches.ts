import type { Hit } from "../flow/world.js";
import type { CrashEvent, CrashFacts, CrashOption } from "../knowledge/schema.js";
import { evaluates } from "../syntax/parts.js";
import type { Expr, Module } from "../syntax/ir.js";
import type { Project } from "../program/project.js";
import { returnsOf } from "../program/value-sets.js";

/** Whether a started SDK hears an event, and the option that decided it. */
export interface Hearing {
  hears: boolean;
  /** The option that is set, and its value. */
  by?: { option: CrashOption; value: Expr };
}

/** What a start with its options makes of an event: where the options are not all seen, it is taken to hear. */
export function hearingOf(facts: CrashFacts, start: Hit, event: CrashEvent, project: Project): Hearing {
  const set = (facts.options ?? [])
    .filter((o) => o.events.includes(event))
    .map((option) => ({ option, ...saidBy(option, start, project) }));
  const on = set.find((s) => s.says === "on");
  if (on) return { hears: true, ...by(on) };
  if (facts.hears.includes(event)) {
    const off = set.find((s) => s.says === "off");
    return off ? { hears: false, ...by(off) } : { hears: true };
  }
  return { hears: set.some((s) => s.says === "unknown") };
}

const by = ({ option, value }: { option: CrashOption; value?: Expr }): Pick<Hearing, "by"> =>
  value ? { by: { option, value } } : {};

interface Said {
  says: "on" | "off" | "nothing" | "unknown";
  value?: Expr;
}

function saidBy(option: CrashOption, start: Hit, project: Project): Said {
  const value = settingOf(option, start, project);
  if (value === undefined) return { says: "nothing" };
  if (value === "unknown") return { says: "unknown" };
  if (option.names) return { says: listed(option.names, value), value };
  // a list of defaults replaces them all
  if (value.k === "arr" && option.off !== undefined) return { says: "off", value };
  if (value.k !== "lit") return { says: "unknown", value };
  if (option.on !== undefined && value.v === option.on) return { says: "on", value };
  return { says: option.off !== undefined && value.v === option.off ? "off" : "nothing", value };
}

/** A list of integrations adds to the defaults; a function replaces what it does not hand back. */
function listed(names: readonly string[], value: Expr): Said["says"] {
  const named = (e: Expr): boolean =>
    evaluates(
      e,
      (x) => (x.k === "mem" && names.includes(x.p ?? "")) || (x.k === "id" && names.includes(x.name)),
    );
  if (value.k === "arr") return named(value) ? "on" : "nothing";
  if (value.k !== "fn") return "unknown";
  const given = returnsOf(value.fn.body);
  const [defaults] = value.fn.params[0] ?? [];
  if (given.length === 0 || given.some(named)) return "unknown";
  if (!defaults || defaults.uses.length === 0) return given.every((e) => e.k === "arr") ? "off" : "unknown";
  return given.every((e) => filtersOut(e, names)) ? "off" : "unknown";
}

/** `defaults.filter((i) => i.name !== "OnUncaughtException")`. */
function filtersOut(e: Expr, names: readonly string[]): boolean {
  if (e.k !== "call" || e.callee.k !== "mem" || e.callee.p !== "filter" || e.args[0]?.k !== "fn")
    return false;
  return returnsOf(e.args[0].fn.body).some((r) =>
    evaluates(
      r,
      (x) =>
        x.k === "cmp" &&
        x.op.startsWith("!=") &&
        [x.l, x.r].some((o) => o.k === "lit" && names.includes(String(o.v))),
    ),
  );
}

/** The value of an option: in the arguments of the start, or in the call that takes it. */
function settingOf(option: CrashOption, { call, fn }: Hit, project: Project): Expr | "unknown" | undefined {
  if (option.call === undefined)
    return optionOf(option.argument, option.property, call?.args ?? [], fn.module, project);
  const setter = fn.module.calls.find(
    ({ call: { callee } }) => callee.k === "mem" && callee.p === option.call,
  );
  return setter && optionOf(option.argument, option.property, setter.call.args, fn.module, project);
}

/** The value of an option, through a constant; `unknown` where the options are not all seen. */
export function optionOf(
  argument: number,
  property: string,
  args: readonly Expr[],
  module: Module,
  project: Project,
): Expr | "unknown" | undefined {
  let at: Expr | undefined = args[argument];
  for (const name of property === "" ? [] : property.split(".")) {
    // a text, or what the environment gives, has no options
    if (!at || at.k === "lit" || isEnvironment(at)) return undefined;
    const obj = objectOf(at, module, project);
    if (!obj) return "unknown";
    const prop: { value: Expr } | undefined = obj.props.find((p) => p.name === name);
    if (!prop) return obj.props.some((p) => p.name === undefined) ? "unknown" : undefined;
    at = prop.value;
  }
  return at;
}

const isEnvironment = (e: Expr): boolean => e.k === "mem" && e.o.k === "mem" && e.o.p === "env";

function objectOf(e: Expr, module: Module, project: Project): (Expr & { k: "obj" }) | undefined {
  if (e.k === "obj") return e;
  const values = project.values.of(e, module);
  const [only] = values;
  return values.length === 1 && only?.v === "object" ? only.obj : undefined;
}
