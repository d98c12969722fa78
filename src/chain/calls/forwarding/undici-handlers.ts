import { asksFor } from "../../../facts/majors.js";
import { firstByte, type HandlerEvent, handlerEvents } from "../../../knowledge/handler-events.js";
import type { ChainBreak } from "../../../program/details.js";
import type { Project } from "../../../program/project.js";
import type { Cls, Expr, Fn, Module, Span } from "../../../syntax/ir.js";
import { isWithin } from "../../links.js";
import { isSame } from "../../same.js";

/** Fewer events than these are no handler that stands in front of another one. */
const ENOUGH = 3;

interface Method {
  fn: Fn;
  at: Span;
}

/** A class whose methods hand the events of undici to another handler. */
interface Delegating {
  methods: ReadonlyMap<string, Method>;
  /** The handler behind it, as its methods write it. */
  inner: Expr;
  /** It forwards an event under another name: from one of the two interfaces to the other. */
  adapts: boolean;
  /** What it does not say itself may come from elsewhere: a class that it extends, an object that is spread into it. */
  open: boolean;
  fn: Fn;
  /** Its head, where what is missing is reported. */
  at: Span;
}

/** Events of undici that a handler in front of another one keeps to itself. `parts` are the handler behind it. */
export function swallowedEvents(module: Module, project: Project): ChainBreak[] {
  return delegatingIn(module, project).flatMap((handler) => [
    ...emptied(handler, project),
    ...(handler.open ? [] : missing(handler, project)),
  ]);
}

const broken = ({ inner }: Delegating, fn: Fn, at: Span, names: readonly string[]): ChainBreak => ({
  kind: "chain-break",
  check: "not-forwarded",
  fn,
  at,
  names,
  parts: [inner],
});

const eventOf = (name: string): HandlerEvent | undefined =>
  handlerEvents.find(({ names }) => names.includes(name));

/** Methods without a body: what they are told ends there. */
function emptied(handler: Delegating, project: Project): ChainBreak[] {
  return [...handler.methods].flatMap(([name, { fn, at }]) => {
    const isEmpty = fn.body.every(({ at: [start] }) => start < fn.bodyAt[0]);
    const event = eventOf(name);
    if (!isEmpty || !event || event.is === "data") return [];
    // undici 7 never tells handlers of the new interface
    const isTold = event.is === "outcome" || isOld(handler) || !asksForUndici(fn.module, "<8", project);
    return isTold ? [broken(handler, fn, at, ["swallowed-event", name])] : [];
  });
}

const isOld = ({ methods }: Delegating): boolean => methods.has("onConnect") || methods.has("onHeaders");

/** Events for which it has no method. */
function missing(handler: Delegating, project: Project): ChainBreak[] {
  const { methods, fn, at, adapts } = handler;
  const old = isOld(handler);
  const lost = handlerEvents.filter(
    ({ names, is }) => is === "outcome" && !names.some((name) => methods.has(name)),
  );
  const found = lost.map(({ names }): ChainBreak =>
    broken(handler, fn, at, ["missing-event", (old ? names[0] : names.at(-1)) ?? ""]),
  );
  // decorators seldom stand in front of `fetch`
  if (found.length === 0 && !methods.has(firstByte) && !asksForUndici(fn.module, "<6", project))
    found.push({ ...broken(handler, fn, at, ["missing-event", firstByte]), strict: !adapts });
  return found;
}

/** Whether the package around a module asks for a version of undici in this range; false where it does not say. */
function asksForUndici({ file }: Module, range: string, project: Project): boolean {
  const json = project.index.packageOf(file)?.json;
  return asksFor(json?.dependencies?.undici ?? json?.devDependencies?.undici, range) === true;
}

function delegatingIn(module: Module, project: Project): Delegating[] {
  const text = project.index.read(module.file) ?? "";
  const head = ([start, end]: Span): Span => {
    const brace = text.indexOf("{", start);
    return [start, brace < 0 || brace > end ? end : text.slice(0, brace).trimEnd().length];
  };
  return module.classes.flatMap((cls) => {
    const methods = methodsOf(cls);
    const inner = innerOf(methods);
    const fn = [...methods.values()][0]?.fn.parent ?? module.top;
    return inner ? [{ methods, ...inner, open: cls.superClass !== undefined, fn, at: head(cls.at) }] : [];
  });
}

function methodsOf(cls: Cls): Map<string, Method> {
  const found = new Map<string, Method>();
  for (const { name, fn, values, isStatic, at } of cls.members.values()) {
    const [value] = values;
    const method = fn ?? (value?.k === "fn" ? value.fn : undefined);
    if (!isStatic && method && eventOf(name)) found.set(name, { fn: method, at });
  }
  return found;
}

/** The field to which at least some methods hand what they are told. */
function innerOf(methods: ReadonlyMap<string, Method>): Pick<Delegating, "inner" | "adapts"> | undefined {
  const forwarded = [...methods].flatMap(([name, { fn: method }]) =>
    method.module.calls.flatMap(({ call, fn }) => {
      const { callee } = call;
      const isForwarded =
        callee.k === "mem" && isWithin(fn, method) && eventOf(callee.p ?? "") && isField(callee.o);
      return isForwarded && callee.k === "mem" ? [{ name, as: callee.p, to: callee.o }] : [];
    }),
  );
  const [first] = forwarded;
  if (!first || !forwarded.every(({ to }) => isSame(to, first.to))) return undefined;
  if (new Set(forwarded.map(({ name }) => name)).size < ENOUGH) return undefined;
  return {
    inner: first.to,
    adapts: forwarded.some(({ name, as }) => name !== as && eventOf(name) === eventOf(as ?? "")),
  };
}

const isField = (e: Expr): boolean => e.k === "mem" && e.p !== undefined && e.o.k === "this";
