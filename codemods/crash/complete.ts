import type { Edit } from "../../src/finding.js";
import type { Value } from "../../src/facts/value.js";
import type { CallFacts } from "../../src/knowledge/schema.js";
import type { Call, Fn, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import type { Project } from "../../src/program/project.js";
import { child, type Source } from "../edit/source.js";
import { awaiting } from "../exit/awaiting.js";
import { helperOf } from "../flush/helpers.js";
import { type Insertion, intoBlock, intoExpression, statementsIn } from "./body.js";
import { reportsTo } from "./reporter.js";
import { flushAt, type Scene } from "./scene.js";
import { type Caught, tellAt, type Told } from "./tell.js";
import { waitForReport } from "./sent.js";
import { waitFor } from "./wait.js";
import { failed } from "./words.js";

/** A function or `catch` clause that deals with a failure. */
export interface Handler {
  source: Source;
  module: Module;
  /** The function, or the clause. */
  node: Node;
  /** The function that its statements belong to. */
  fn: Fn;
}

/** What a handler is to do besides what it does. */
export interface Wanted {
  error: Caught;
  /** What has failed, as a span of it would be named. */
  work: string;
  /** How it ends where it does not end the process itself: with an exit code, or with the process. */
  end: "code" | "exit";
  /** Statements that come first. */
  first?: string[];
}

/** What completing a handler takes. */
export interface Completed {
  edits: Edit[];
  /** Nothing but the report is new: no import, no exit, and nobody can tell the wait. */
  safe: boolean;
  /** What is buffered gets sent, and the SDK cannot be told of the error itself. */
  onlySent?: boolean;
}

/** Tells the SDK of the error in a handler, and sends what is buffered before the handler ends the process. */
export function complete(scene: Scene, handler: Handler, wanted: Wanted): Completed | undefined {
  const { source, module, node, fn } = handler;
  const { project } = scene;
  const body = child(node, "body");
  if (!body) return undefined;
  const doings = doingsIn(scene, module, body);
  const own = statementsIn(body);
  const exit = own?.find((s) => isEnding(source, s, doings.exits));
  const flush = own?.find((s) => doings.flushes.some((call) => contains(s, call)));
  const at = flush ?? exit ?? own?.at(-1) ?? body;
  const told =
    doings.reports.length > 0
      ? NOTHING
      : tellAt(scene, { source, module, node: at, fn }, wanted.error, wanted.work);
  if (!told) return undefined;
  const ends = doings.exits.length > 0 || wanted.end === "exit";
  const flushed = ends && doings.flushes.length === 0 ? sendIt(scene, handler, at, told) : told;
  const reports = flushed ? [] : doings.reports.flatMap((c) => waitForReport(scene, source, module, c) ?? []);
  const sent = reports.length > 0 && reports.length === doings.reports.length ? NOTHING : flushed;
  if (!sent || (sent.statements.length === 0 && reports.length === 0 && doings.flushes.length === 0))
    return undefined;
  const { statements } = sent;
  const last = lastStatement(wanted, doings.exits.length, source, body);
  const awaited = [...reports, ...(ends && flush ? awaitedEdits(source, flush) : [])];
  const put = own
    ? intoBlock(source, body, [
        { before: own[0], statements: wanted.first ?? [] },
        ...insertionsOf(flush ?? exit, flush ? undefined : exit, statements, last),
      ])
    : intoExpression(
        source,
        node,
        [...(wanted.first ?? []), ...statements, ...last],
        doings.exits.length > 0 || wanted.first !== undefined,
      );
  const waits = awaited.length > 0 || statements.some((s) => s.startsWith("await "));
  const host = node.type === "CatchClause" ? source.functionOf(node) : node;
  const ability = waits ? awaiting(project, source, host) : { edits: [], safe: true };
  if (!put || !ability) return undefined;
  const imports = [...told.edits, ...sent.edits];
  return {
    edits: [...imports, ...ability.edits, ...awaited, ...put],
    safe: ability.safe && imports.length === 0 && last.length === 0,
    onlySent: doings.reports.length === 0 && tellsNothing(told),
  };
}

/** Nothing of it says that something has failed. */
export const tellsNothing = ({ statements, awaited }: Told): boolean =>
  statements.length === 0 && awaited === undefined;

const NOTHING: Told = { statements: [], edits: [] };

/** What a handler does already. */
interface Doings {
  exits: Call[];
  flushes: Call[];
  /** It tells the SDK itself. */
  reports: Call[];
}

function doingsIn(scene: Scene, module: Module, { start, end }: Node): Doings {
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

function insertionsOf(
  before: Node | undefined,
  lastBefore: Node | undefined,
  statements: readonly string[],
  last: readonly string[],
): Insertion[] {
  if (before === lastBefore) return [{ before, statements: [...statements, ...last] }];
  return [
    { before, statements },
    { before: lastBefore, statements: last },
  ];
}

/** A flush as a statement of its own is waited for. */
function awaitedEdits(source: Source, statement: Node): Edit[] {
  let e = child(statement, "expression");
  if (statement.type !== "ExpressionStatement" || !e || e.type === "AwaitExpression") return [];
  const { start } = e;
  if (e.type === "UnaryExpression" && e.operator === "void") e = child(e, "argument") ?? e;
  return [source.replace(start, e.start === start ? start : e.start, "await ")];
}

/** The report and the wait for it, in the order in which they are written. */
export function sendIt(
  scene: Scene,
  { source, fn }: Pick<Handler, "source" | "fn">,
  at: Node,
  told: Told,
): { statements: string[]; edits: Edit[] } | undefined {
  if (told.awaited !== undefined) return { statements: [waitFor(source, told.awaited)], edits: [] };
  if (told.flush !== undefined)
    return { statements: [...told.statements, waitFor(source, told.flush)], edits: [] };
  const flush = flushAt(scene, source, at, fn);
  return flush && { statements: [...told.statements, waitFor(source, flush.awaited)], edits: flush.edits };
}

/** How the handler ends, where it has no exit and no exit code of its own. */
function lastStatement({ end }: Wanted, exits: number, source: Source, body: Node): string[] {
  if (exits > 0) return [];
  const hasCode = /\b(process|Deno)\.exitCode\s*=/.test(source.textOf(body));
  return end === "code" && hasCode ? [] : [failed(source, end === "exit")];
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

const contains = (s: Node, { at }: Call): boolean => s.start <= at[0] && at[1] <= s.end;

/** A statement that nothing may be put behind: it ends the process or the function, or says how the process ends. */
function isEnding(source: Source, s: Node, exits: readonly Call[]): boolean {
  if (s.type === "ReturnStatement" || s.type === "ThrowStatement") return true;
  if (/^process\.exitCode\s*=/.test(source.textOf(s))) return true;
  return exits.some((call) => contains(s, call));
}
