import { State, has } from "../../src/flow/state.js";
import { Walk } from "../../src/flow/walk.js";
import type { Hit, World } from "../../src/flow/world.js";
import type { Vendor } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";
import type { Call, Expr, Fn } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, isFunction, openSource, type Source } from "../edit/source.js";
import { canReject } from "./write.js";

/** A function of the program that does nothing but flush. */
export interface Helper {
  /** It gives a promise that may reject. */
  rejects: boolean;
  /** It may also give no promise at all. */
  mayGiveNothing: boolean;
  /** What it flushes cannot be used afterwards. */
  closes: boolean;
}

const MAX_DEPTH = 3;
/** Calls that a flushing function may make beside the flush: they change nothing that a second call would undo. */
const HARMLESS_ROOTS =
  /^(console|Promise|Error|Date|clearTimeout|clearInterval|setTimeout|AbortSignal|String|JSON|diag)$/;
/** A log line may be written twice. */
const LOGGER = /^(log|debug)$|logger$/i;
const HARMLESS_MEMBERS = /^(then|catch|finally|unref|log|info|warn|error|debug|trace|verbose|push)$/;

/** Whether a function flushes this vendor's telemetry, does nothing else, and tells its end by a promise. */
export function helperOf(project: Project, fn: Fn, vendor: Vendor): Helper | undefined {
  if (fn.generator || fn.kind === "constructor" || fn.kind === "accessor" || fn.kind === "module")
    return undefined;
  const source = openSource(project, fn.module.file);
  const node = source && nodeOf(source, fn);
  if (!source || !node || !takesNothing(node) || !(isNamedEnding(fn) || isPure(project, fn, 0)))
    return undefined;
  const hits: Hit[] = [];
  const summary = new Walk(worldOf(project, hits)).run(fn, State.Worked, { call: undefined, fn, as: "call" });
  if (!summary.promise || !has(summary.ok, State.Flushed)) return undefined;
  if (!hits.some((h) => h.kind === "flush" && h.vendor === vendor) || hits.some((h) => h.kind !== "flush"))
    return undefined;
  return {
    rejects: rejects(project, fn, 0),
    mayGiveNothing: !fn.async && !returnsPromise(source, node),
    closes: hits.some((h) => h.facts?.role === "close"),
  };
}

/** A function that says of itself that it ends telemetry may do more for that than can be judged here. */
function isNamedEnding(fn: Fn): boolean {
  const words = (fn.name ?? "").replace(/([a-z])([A-Z])/g, "$1 $2");
  return ENDING.test(words) && (SUBJECT.test(words) || SUBJECT.test(fn.module.file));
}

const ENDING = /\b(flush|shut ?down|close|stop|end|dispose|drain|tear ?down|clean ?up)\b/i;
const SUBJECT =
  /telemetry|tracing|trac(er|es?)\b|otel|opentelemetry|sentry|analytics|posthog|metrics|instrument|observab|apm\b|insights/i;

function worldOf(project: Project, hits: Hit[]): World {
  return {
    values: (expr, module) => project.values.of(expr, module),
    callee: (expr, module) => project.values.callee(expr, module),
    relevant: (fn) => project.marks.isMarked(fn),
    later: () => State.Worked,
    loads: () => ({}),
    events: () => [],
    hit: (hit) => hits.push(hit),
  };
}

/** The function's node in the tree of its file. */
export function nodeOf(source: Source, fn: Fn): Node | undefined {
  return source.at(fn.at, "ArrowFunctionExpression", "FunctionExpression", "FunctionDeclaration");
}

function takesNothing(node: Node): boolean {
  const params = node.params as Node[];
  return params.every(
    (p) => p.type === "AssignmentPattern" || p.type === "RestElement" || p.optional === true,
  );
}

/** The calls that run when a function does: its own and those of the functions written inside it. */
function callsIn(fn: Fn): { call: Call; fn: Fn }[] {
  return fn.module.calls.filter((c) => fn.at[0] <= c.call.at[0] && c.call.at[1] <= fn.at[1]);
}

function isPure(project: Project, fn: Fn, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  return callsIn(fn).every(({ call }) => isHarmless(project, fn, call, depth));
}

function isHarmless(project: Project, fn: Fn, call: Call, depth: number): boolean {
  const { callee } = call;
  if (LOGGER.test(rootName(callee) ?? "")) return true;
  const values = project.values.of(callee, fn.module);
  for (const v of values) {
    if (v.v === "exit") return false;
    const facts =
      v.v === "member" ? v.member.facts : v.v === "sdk" && v.sdk.is === "call" ? v.sdk.facts : undefined;
    if (facts) return facts.role === "flush" || facts.role === "close";
    if (v.v === "sdk" && v.sdk.is === "factory") return true;
    if (v.v === "fn" && v.fn !== fn) return isPure(project, v.fn, depth + 1);
  }
  if (callee.k === "id" && callee.bind?.kind === "param") return true;
  // a member that only some handles have: the code has asked which one it holds
  const isHandle =
    callee.k === "mem" &&
    project.values.of(callee.o, fn.module).some((v) => v.v === "sdk" && v.sdk.is === "handle");
  if (isHandle && values.length === 0) return true;
  const root = rootName(callee);
  const member = callee.k === "mem" ? callee.p : undefined;
  return HARMLESS_ROOTS.test(root ?? "") || (member !== undefined && HARMLESS_MEMBERS.test(member));
}

function rootName(e: Expr): string | undefined {
  let root = e;
  while (root.k === "mem") root = root.o;
  return root.k === "id" ? root.name : undefined;
}

/** A flush in it can reject, and nothing in it catches that. */
function rejects(project: Project, fn: Fn, depth: number): boolean {
  const source = openSource(project, fn.module.file);
  if (!source || depth > MAX_DEPTH) return true;
  return callsIn(fn).some(({ call }) => {
    const node = source.at(call.at, "CallExpression");
    if (!node || isCaught(source, node)) return false;
    return project.values.of(call.callee, fn.module).some((v) => {
      if (v.v === "fn" && v.fn !== fn) return rejects(project, v.fn, depth + 1);
      if (v.v === "member") return canReject({ ...v.member, vendor: v.member.cls.vendor });
      return v.v === "sdk" && v.sdk.is === "call" && canReject(v.sdk);
    });
  });
}

/** Inside a `try` with a handler, chained to a `catch`, or an element of `Promise.allSettled`. */
function isCaught(source: Source, call: Node): boolean {
  let node = call;
  for (const up of source.ancestors(call)) {
    if (isFunction(up)) return false;
    if (up.type === "TryStatement" && child(up, "handler") && child(up, "block") === node) return true;
    if (
      up.type === "MemberExpression" &&
      child(up, "object") === node &&
      child(up, "property")?.name === "catch"
    )
      return true;
    if (up.type === "CallExpression" && /\ballSettled$/.test(source.textOf(child(up, "callee") ?? up)))
      return true;
    node = up;
  }
  return false;
}

/** Every `return` gives a promise, as far as the text tells. */
function returnsPromise(source: Source, node: Node): boolean {
  const annotation = child(child(node, "returnType"), "typeAnnotation");
  if (annotation) return /^Promise</.test(source.textOf(annotation));
  const body = child(node, "body");
  return body !== undefined && body.type !== "BlockStatement" && !source.textOf(body).includes("?.");
}
