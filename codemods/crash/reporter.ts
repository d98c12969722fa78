import type { Vendor } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";
import type { Call, Expr, Fn } from "../../src/syntax/ir.js";
import { evaluates } from "../../src/syntax/parts.js";
import type { Node } from "../../src/syntax/parse.js";
import { openSource } from "../edit/source.js";
import { nodeOf } from "../flush/helpers.js";

/** By its name it is there to report errors, and nothing else is to be expected of it. */
const REPORTS = /capture|report|track|notif|record|sentry|exception|bugsnag|rollbar|log_?error|send_?error/i;

/** How far a function is followed that hands the error to another one. */
const MAX_DEPTH = 2;

/** A function of the program that hands the error it is given to the SDK, and ends nothing. */
export function reportsTo(project: Project, fn: Fn, vendor: Vendor, depth = 0): boolean {
  if (!REPORTS.test(fn.name ?? "") || fn.generator || depth > MAX_DEPTH || !takesError(project, fn))
    return false;
  const own = fn.module.calls.filter(({ call }) => fn.at[0] <= call.at[0] && call.at[1] <= fn.at[1]);
  const exits = own.some(({ call }) =>
    project.values.callee(call.callee, fn.module).some((v) => v.v === "exit"),
  );
  return !exits && own.some(({ call }) => isGiven(call, fn) && isCapture(project, call, fn, vendor, depth));
}

/** One parameter that has to be given, without a shape of its own. */
function takesError(project: Project, fn: Fn): boolean {
  const source = openSource(project, fn.module.file);
  const node = source && nodeOf(source, fn);
  const [first, ...rest] = (node?.params ?? []) as Node[];
  return (
    first?.type === "Identifier" &&
    rest.every((p) => p.type === "AssignmentPattern" || p.type === "RestElement" || p.optional === true)
  );
}

const isCapture = (project: Project, call: Call, fn: Fn, vendor: Vendor, depth: number): boolean =>
  project.values.callee(call.callee, fn.module).some((v) => {
    if (v.v === "fn") return v.fn !== fn && reportsTo(project, v.fn, vendor, depth + 1);
    if (v.v === "member") return v.member.facts.role === "capture" && v.member.cls.vendor === vendor;
    return v.v === "sdk" && v.sdk.is === "call" && v.sdk.facts.role === "capture" && v.sdk.vendor === vendor;
  });

function isGiven({ args }: Call, fn: Fn): boolean {
  const [error] = fn.params[0] ?? [];
  const isError = (e: Expr): boolean => e.k === "id" && e.bind !== undefined && e.bind === error;
  return args.some((a) => evaluates(a, isError));
}

/** How TypeScript sees the first parameter: whether it takes anything, or only an `Error`. */
export function takesAnything(project: Project, fn: Fn): boolean {
  const source = openSource(project, fn.module.file);
  const [first] = ((source && nodeOf(source, fn)?.params) ?? []) as Node[];
  const text = source && first ? source.textOf(first) : "";
  return !source?.isTypeScript || /:\s*(any|unknown)\b/.test(text);
}
