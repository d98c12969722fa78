import type { Edit } from "../../src/finding.js";
import type { Call, Fn, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { promiseMethods } from "../../src/knowledge/process.js";
import { calledName, child, type Source } from "../edit/source.js";
import { awaiting } from "../exit/awaiting.js";
import { type Insertion, intoBlock, intoExpression, statementsIn } from "./body.js";
import { contains, doingsIn, isEnding } from "./doings.js";
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
  // whoever ends the process already waits for its flush, or is reported for that
  const waited = wanted.end === "exit" && flush && doings.exits.length === 0;
  const flushing = waited ? awaitedEdits(source, flush, doings.flushes) : [];
  if (!flushing) return undefined;
  const awaited = [...reports, ...flushing];
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
    edits: [...imports, ...ability.edits, ...put, ...awaited],
    safe: ability.safe && imports.length === 0 && last.length === 0,
    onlySent: doings.reports.length === 0 && tellsNothing(told),
  };
}

/** Nothing of it says that something has failed. */
export const tellsNothing = ({ statements, awaited }: Told): boolean =>
  statements.length === 0 && awaited === undefined;

const NOTHING: Told = { statements: [], edits: [] };

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

/**
 * A flush as a statement of its own is waited for.
 * @returns undefined where it is part of something else, whose end is not known
 */
function awaitedEdits(source: Source, statement: Node, flushes: readonly Call[]): Edit[] | undefined {
  let e = child(statement, "expression");
  if (e?.type === "AwaitExpression") return [];
  const start = e?.start ?? 0;
  if (e?.type === "UnaryExpression" && e.operator === "void") e = child(e, "argument");
  let root = e;
  while (root?.type === "CallExpression" && promiseMethods.includes(calledName(root) ?? ""))
    root = child(child(root, "callee"), "object");
  const isFlush = flushes.some(({ at }) => at[0] === root?.start && at[1] === root.end);
  if (statement.type !== "ExpressionStatement" || !e || !isFlush) return undefined;
  return [source.replace(start, e.start, "await ")];
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
