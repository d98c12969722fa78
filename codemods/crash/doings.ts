import type { Value } from "../../src/facts/value.js";
import type { CallFacts } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";
import type { Call, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import type { Source } from "../edit/source.js";
import { helperOf } from "../flush/helpers.js";
import { reportsTo } from "./reporter.js";
import type { Scene } from "./scene.js";

/** What a handler does already. */
export interface Doings {
  exits: Call[];
  flushes: Call[];
  /** Calls that tell the SDK. */
  reports: Call[];
}

/** The exits, flushes and reports that stand in the body of a handler. */
export function doingsIn(scene: Scene, module: Module, { start, end }: Node): Doings {
  const { project } = scene;
  const found: Doings = { exits: [], flushes: [], reports: [] };
  for (const { call } of module.calls) {
    if (call.at[0] < start || end < call.at[1]) continue;
    if (endsProcess(project, call, module)) found.exits.push(call);
    if (isFlush(call, module, scene)) found.flushes.push(call);
    if (isCapture(call, module, scene)) found.reports.push(call);
  }
  return found;
}

/** An exit, or a function of the program that comes to one; also handed on: `setTimeout(process.exit, 100)`. */
export function endsProcess(project: Project, call: Call, module: Module, depth = 0): boolean {
  const passed = call.args.filter((a) => a.k === "mem" || a.k === "id");
  if (passed.some((a) => project.values.of(a, module).some((v) => v.v === "exit"))) return true;
  return project.values.callee(call.callee, module).some((v) => {
    if (v.v === "exit") return true;
    if (v.v !== "fn" || depth > 2) return false;
    const { fn } = v;
    return fn.module.calls.some(
      (c) =>
        fn.at[0] <= c.call.at[0] &&
        c.call.at[1] <= fn.at[1] &&
        endsProcess(project, c.call, fn.module, depth + 1),
    );
  });
}

function isFlush(call: Call, module: Module, { project, details: { vendor } }: Scene): boolean {
  return project.values.callee(call.callee, module).some((v) => {
    if (v.v === "fn") return helperOf(project, v.fn, vendor) !== undefined;
    const role = factsIn(v)?.role;
    return role === "flush" || role === "close";
  });
}

const isCapture = (call: Call, module: Module, { project, details: { vendor } }: Scene): boolean =>
  project.values
    .callee(call.callee, module)
    .some((v) => (v.v === "fn" ? reportsTo(project, v.fn, vendor) : factsIn(v)?.role === "capture"));

const factsIn = (v: Value): CallFacts | undefined =>
  v.v === "member" ? v.member.facts : v.v === "sdk" && v.sdk.is === "call" ? v.sdk.facts : undefined;

/** Whether a call stands in a statement. */
export const contains = (s: Node, { at }: Call): boolean => s.start <= at[0] && at[1] <= s.end;

/** A statement that nothing may be put behind: it ends the process or the function, or says how the process ends. */
export function isEnding(source: Source, s: Node, exits: readonly Call[]): boolean {
  if (s.type === "ReturnStatement" || s.type === "ThrowStatement") return true;
  if (/^process\.exitCode\s*=/.test(source.textOf(s))) return true;
  return exits.some((call) => contains(s, call));
}
