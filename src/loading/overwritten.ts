import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Call, Cls, Expr, Fn, Module, Span, Stmt } from "../syntax/ir.js";
import { evaluates, operandsOf } from "../syntax/parts.js";
import { eachExpression } from "../chain/walk.js";

type Put = Expr & { k: "set" };

/**
 * Fields with telemetry, or its configuration, that a method has just set and the caller sets again before anybody could read them:
 * what the method has put there is never used. Reported where the method is called.
 */
export function overwrittenFields(project: Project): ChainBreak[] {
  const files = new Set(project.runs().flatMap((run) => [...run.files]));
  return [...files].sort().flatMap((file): ChainBreak[] => {
    // types of a package are enough
    if (!project.index.scan(file).imports.some((i) => project.lookup.package(i.specifier))) return [];
    const module = project.module(file);
    if (!module) return [];
    return module.fns.flatMap((fn) =>
      fn.cls && fn.body.length > 1 ? overwrittenIn(fn, fn.cls, project) : [],
    );
  });
}

function overwrittenIn(fn: Fn, cls: Cls, project: Project): ChainBreak[] {
  return fn.body.flatMap((s, i): ChainBreak[] => {
    const call = calledOnThis(s);
    const method = call && methodOf(call, cls);
    if (!call || !method || method.async) return [];
    const again = nextPuts(fn.body.slice(i + 1));
    for (const put of again) {
      const name = fieldOf(put);
      const first = name === undefined ? undefined : putIn(method, name);
      if (name === undefined || !first || cls.members.get(name)?.fn?.kind === "accessor") continue;
      // a second client in the place of the first
      if (project.values.of(put.e, cls.module).some((v) => v.v === "sdk")) continue;
      if (!isUnread(method, cls, name) || ![first, put].some((p) => isTelemetry(p, cls.module, project)))
        continue;
      return [
        {
          kind: "chain-break",
          check: "overwritten",
          fn,
          at: call.at,
          call,
          names: [name, method.name ?? ""],
          others: [
            { fn: method, at: first.at, message: `\`${name}\` is set here` },
            { fn, at: put.at, message: "and here again, before it was read" },
          ],
        },
      ];
    }
    return [];
  });
}

/** `this.configure();` */
function calledOnThis(s: Stmt): Call | undefined {
  return s.s === "expr" && s.e.k === "call" && s.e.callee.k === "mem" && s.e.callee.o.k === "this"
    ? s.e
    : undefined;
}

function methodOf({ callee }: Call, cls: Cls): Fn | undefined {
  const member = callee.k === "mem" && callee.p !== undefined ? cls.members.get(callee.p) : undefined;
  return member?.fn?.kind === "method" && !member.isStatic ? member.fn : undefined;
}

const fieldOf = ({ to, op }: Put): string | undefined =>
  to.k === "mem" && to.o.k === "this" && op === "=" ? to.p : undefined;

/** The fields that the next statements set, as long as they do nothing else: what is called might read. */
function nextPuts(body: readonly Stmt[]): Put[] {
  const puts: Put[] = [];
  for (const s of body) {
    if (s.s !== "expr" || s.e.k !== "set" || fieldOf(s.e) === undefined || evaluates(s.e.e, readsOrCalls))
      break;
    puts.push(s.e);
  }
  return puts;
}

const readsOrCalls = (e: Expr): boolean => e.k === "this" || (e.k === "call" && !e.isNew) || e.k === "await";

/** A statement of a method that sets a field, and keeps what it sets nowhere else. */
function putIn({ body }: Fn, name: string): Put | undefined {
  let found: Put | undefined;
  eachStatement(body, (s) => {
    if (s.s === "expr" && s.e.k === "set" && fieldOf(s.e) === name && isFresh(s.e.e)) found ??= s.e;
  });
  return found;
}

/** Nothing that has another name, by which it could be used all the same. */
const isFresh = (e: Expr): boolean =>
  e.k === "fn" || e.k === "obj" || (e.k === "call" && e.isNew) || (e.k === "await" && isFresh(e.e));

function eachStatement(body: readonly Stmt[], take: (s: Stmt) => void): void {
  for (const s of body) {
    take(s);
    if (s.s === "if")
      [s.then, s.else ?? []].forEach((list) => {
        eachStatement(list, take);
      });
    else if (s.s === "block" || s.s === "label") eachStatement(s.body, take);
    else if (s.s === "try") eachStatement(s.block, take);
  }
}

/** Neither a method nor one that it calls reads the field, and none of them hands itself to others, who could. */
function isUnread(method: Fn, cls: Cls, name: string): boolean {
  const seen = new Set<Fn>();
  const work = [method];
  for (let fn = work.pop(); fn; fn = work.pop()) {
    if (seen.has(fn)) continue;
    seen.add(fn);
    const { at } = fn;
    const targets = new Set<Expr>();
    let isRead = false;
    for (const inside of cls.module.fns) {
      if (inside.at[0] < at[0] || at[1] < inside.at[1]) continue;
      eachExpression(inside.body, (e) => {
        if (e.k === "set" && fieldOf(e) === name) targets.add(e.to);
        isRead ||= handsItself(e);
        if (e.k !== "mem" || e.o.k !== "this") return;
        isRead ||= e.p === name && !targets.has(e);
        const next = cls.members.get(e.p ?? "")?.fn;
        if (next) work.push(next);
      });
    }
    if (isRead) return false;
  }
  return true;
}

/** `register(this)`, `const self = this`, `this[key]`. */
const handsItself = (e: Expr): boolean =>
  e.k === "mem" ? e.o.k === "this" && e.p === undefined : operandsOf(e).some((o) => o.k === "this");

/** What is set comes from a package of telemetry, or is of a type of one. */
function isTelemetry({ e, at }: Put, module: Module, project: Project): boolean {
  if (project.values.of(e, module).some((v) => v.v === "sdk")) return true;
  const text = project.index.read(module.file)?.slice(...(at satisfies Span)) ?? "";
  return module.bindings.some(
    (b) =>
      b.from !== undefined &&
      project.lookup.package(b.from.specifier) !== undefined &&
      new RegExp(`\\b${b.name.replace(/\$/g, "\\$&")}\\b`).test(text),
  );
}
