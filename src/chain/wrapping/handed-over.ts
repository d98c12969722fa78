import { idleTypes } from "../../knowledge/telemetry-interfaces.js";
import { returnsOf } from "../../program/value-sets.js";
import type { Project } from "../../program/project.js";
import { classesOf, wholeOf } from "./classes-of.js";
import { isResolved } from "./resolved.js";
import { functionsOf, lastName } from "./implementations.js";
import { isAway, isEnd, occurrencesOf } from "./occurrences.js";
import type { Binding, Call, Cls, Expr, Fn, Module, Span } from "../../syntax/ir.js";

/** How far back it is followed from whom somebody got it. */
const MAX_DEPTH = 4;

/**
 * Whether a value belongs to who is given it, and to nobody else: it is made on the spot, or is kept in a variable that is used for
 * nothing but to hand it over. What the program does not show belongs to somebody else.
 * @param within where its use does not count: the wrapper itself, the call that hands it over
 */
export function isHandedOver(e: Expr, module: Module, within: Span, project: Project, depth = 0): boolean {
  const of = (part: Expr): boolean => isHandedOver(part, module, within, project, depth + 1);
  if (depth > MAX_DEPTH) return false;
  switch (e.k) {
    case "lit":
    case "obj":
      return true;
    case "call":
      return e.isNew ? !isIdle(e, module, project) : isMaking(e, module, project);
    case "arr":
      return e.items.every((item) => of(item.k === "spread" ? item.e : item));
    case "logic":
      return of(e.l) && of(e.r);
    case "cond":
      return of(e.then) && of(e.else);
    case "id":
      return e.bind !== undefined && isVariableHandedOver(e.bind, [], within, project, depth);
    case "mem":
      if (e.o.k === "this" && e.o.cls && e.p !== undefined) return isFieldHandedOver(e.o.cls, e.p, within);
      // `options.exporter`
      return e.o.k === "id" && e.o.bind?.kind === "param" && e.p !== undefined
        ? isVariableHandedOver(e.o.bind, [e.p], within, project, depth)
        : false;
    default:
      return false;
  }
}

/** What has no end to speak of: it prints or keeps in memory, or is a class of the program whose own end does nothing. */
const isIdle = ({ callee }: Call, module: Module, project: Project): boolean =>
  idleTypes.test(lastName(callee) ?? "") ||
  classesOf(callee, module, project).some(({ members, superClass }) => {
    const ends = [...members.values()].filter(({ name }) => isEnd(name));
    return !superClass && ends.length > 0 && ends.every(({ fn }) => fn !== undefined && doesNothing(fn));
  });

const doesNothing = ({ body }: Fn): boolean =>
  body.every((s) => s.s === "return" && (s.e === undefined || s.e.k === "lit" || isResolved(s.e)));

/** A field of who makes the wrapper, which is not ended there and goes nowhere else. */
const isFieldHandedOver = (cls: Cls, field: string, within: Span): boolean =>
  occurrencesOf({ field, cls, many: false }, functionsOf(cls)).every(
    (o) => !isAway(o) || (o.e.at[0] >= within[0] && o.e.at[1] <= within[1]),
  );

/** A function of the program that makes a new one at every call. */
const isMaking = ({ callee }: Call, module: Module, project: Project): boolean =>
  project.values.of(callee, module).some((v) => {
    const returned = v.v === "fn" ? returnsOf(v.fn.body) : [];
    return returned.length > 0 && returned.every((e) => e.k === "call" && e.isNew);
  });

/** @param path the member of the variable that is meant; the variable itself may then be used for other members */
function isVariableHandedOver(
  bind: Binding,
  path: readonly string[],
  within: Span,
  project: Project,
  depth: number,
): boolean {
  const { module } = bind.owner;
  const outside = bind.uses.some(({ at }) => at[0] < within[0] || at[1] > within[1]);
  if (path.length === 0 && outside) return false;
  if (isExported(bind, module)) return false;
  if (bind.kind === "param" && bind.param)
    return isArgumentHandedOver(bind, [...bind.param.path, ...path], project, depth);
  if (bind.kind !== "var" || bind.values.length !== 1 || path.length > 0) return false;
  return bind.values.every((e) => isHandedOver(e, module, within, project, depth + 1));
}

const isExported = (bind: Binding, { exports }: Module): boolean =>
  [...exports.values()].some(
    ({ kind, ...of }) => kind === "value" && "e" in of && of.e.k === "id" && of.e.bind === bind,
  );

/** What the callers of a function, or the makers of a class, pass; where nobody in the program does, others are handed over to it. */
function isArgumentHandedOver(
  bind: Binding,
  path: readonly string[],
  project: Project,
  depth: number,
): boolean {
  const { fn, index } = bind.param ?? { fn: bind.owner, index: 0 };
  const cls = fn.kind === "constructor" ? fn.cls : undefined;
  return callsOf(fn, cls, project).every(({ call, module }) => {
    const given = call.args[index];
    const part = given && path.reduce<Expr | undefined>(memberOf, given);
    return part === undefined
      ? given === undefined || given.k === "obj"
      : isHandedOver(part, module, call.at, project, depth + 1);
  });
}

const memberOf = (e: Expr | undefined, name: string): Expr | undefined =>
  e?.k === "obj" ? e.props.find((p) => p.name === name)?.value : undefined;

/** Every call of a function, or every `new` of a class and `super` to it, in the files that say its name. */
function callsOf(fn: Fn, cls: Cls | undefined, project: Project): { call: Call; module: Module }[] {
  const name = cls ? cls.name : fn.name;
  const { index, values } = project;
  const files =
    name === undefined ? [fn.module.file] : index.sources.filter((file) => index.read(file)?.includes(name));
  return files.flatMap((file) => {
    const module = index.isTest(file) ? undefined : project.module(file);
    if (!module) return [];
    const isIt = ({ callee, isNew }: Call): boolean => {
      if (callee.k === "super")
        return values.of(callee, module).some((v) => v.v === "instance" && v.cls === cls);
      return wholeOf(callee, module, project).some(
        (v) => (v.v === "class" && v.cls === cls && isNew) || (v.v === "fn" && v.fn === fn),
      );
    };
    return module.calls.flatMap(({ call }) => (isIt(call) ? [{ call, module }] : []));
  });
}
