import type { Edit } from "../../src/finding.js";
import type { CompetingShutdown } from "../../src/program/details.js";
import type { Ending } from "../../src/program/endings.js";
import type { Project } from "../../src/program/project.js";
import type { Call, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { asyncEdits } from "../edit/async.js";
import { insertBefore, reindented } from "../edit/insert.js";
import { child, isFunction, list } from "../edit/source.js";
import { linesOf, rangeToCut } from "../ending/lines.js";
import { nodesIn, statementsOf, type Page } from "../ending/page.js";
import { siteOf } from "../exit/site.js";

/** The step of an ending that closes telemetry, and those behind it in the same block. */
interface Step {
  statement: Node;
  siblings: Node[];
  /** The statements behind it, up to the exit or the end of the block. */
  rest: Node[];
}

/**
 * Moves the close of telemetry behind everything that the ending drains after it.
 * @returns undefined where the two are not steps of one block
 */
export function closeLast(
  page: Page,
  details: CompetingShutdown,
  project: Project,
  module: Module,
): Edit[] | undefined {
  const { close, drain, ending } = details;
  if (!close?.call || !drain || !ending) return undefined;
  for (const call of callsTo(close.call, ending)) {
    const node = page.callAt(call.at);
    const step = node && stepOf(page, node);
    const index = step?.rest.findIndex((s) => drainsIn(s, step, details, project, module, page));
    if (!node || !step || index === undefined || index < 0) continue;
    return moved(page, node, step, index, ending, project, module);
  }
  return undefined;
}

/** The close itself, and the calls through which the ending comes to it, the innermost first. */
const callsTo = (close: Call, { reached }: Ending): Call[] => [
  close,
  ...[...(reached.find((r) => r.call === close)?.path ?? [])].reverse(),
];

function stepOf(page: Page, close: Node): Step | undefined {
  let statement: Node = close;
  for (const up of page.ancestors(close)) {
    if (isFunction(up)) return undefined;
    const siblings = statementsOf(up);
    const isStep = siblings && (statement.type === "ExpressionStatement" || isOnlyTry(statement));
    if (siblings && (isStep || up.type !== "BlockStatement"))
      return isStep
        ? { statement, siblings, rest: siblings.slice(siblings.indexOf(statement) + 1) }
        : undefined;
    if (siblings && !/^(TryStatement|BlockStatement)$/.test(page.parentOf(up)?.type ?? "")) return undefined;
    if (statement.type === "ExpressionStatement" && siblings && siblings.length > 1) return undefined;
    statement = up;
  }
  return undefined;
}

/** `try { await sdk.shutdown() } catch { ... }`: the step is the whole of it. */
const isOnlyTry = (statement: Node): boolean =>
  statement.type === "TryStatement" &&
  list(child(statement, "block"), "body").length === 1 &&
  child(statement, "finalizer") === undefined;

/** A statement starts, directly or through what it calls, something that the ending drains. */
function drainsIn(
  statement: Node,
  step: Step,
  { ending, drain }: CompetingShutdown,
  project: Project,
  module: Module,
  page: Page,
): boolean {
  const inside = (call: Call): boolean => statement.start <= call.at[0] && call.at[1] <= statement.end;
  if (!ending || !drain || statement === step.statement || page.file !== module.file) return false;
  if (drain.fn.module === module && inside(drain.call)) return true;
  const way = ending.reached.find((r) => r.call === drain.call);
  return (
    way?.path.some(
      (c) => inside(c) && page.callAt(c.at) !== undefined && project.module(page.file) === module,
    ) ?? false
  );
}

function moved(
  page: Page,
  close: Node,
  { statement, siblings, rest }: Step,
  drainIndex: number,
  ending: Ending,
  project: Project,
  module: Module,
): Edit[] | undefined {
  const lines = linesOf(page, statement, siblings);
  if (!lines) return undefined;
  const range = rangeToCut(page, lines);
  const taken = page.replace(range.start, range.end, "");
  const drain = rest[drainIndex];
  const callback = drain && exitingCallback(page, drain, project, module);
  if (callback) {
    const able = asyncEdits(page, callback.fn);
    const awaited = awaitedText(page, close, statement);
    const first = awaited === undefined ? undefined : atFirst(page, callback, awaited);
    return able && first && [taken, ...able, ...first];
  }
  const ends = rest.findIndex(
    (s, i) => i > drainIndex && (leaves(s) || isExitStatement(page, s, project, module)),
  );
  const last = ends < 0 ? rest.at(-1) : rest[ends - 1];
  const target = last && linesOf(page, last, siblings);
  if (!target || !drain) return undefined;
  const promised = promisedDrain(page, drain, rest, ending, project, module);
  if (promised === undefined) return undefined;
  const text = withAwait(page, close, statement, page.text.slice(lines.start, lines.end));
  return [taken, ...promised, page.insert(target.end, `\n${text}`)];
}

const leaves = (s: Node): boolean => /^(Return|Throw|Break|Continue)Statement$/.test(s.type);

function isExitStatement(page: Page, statement: Node, project: Project, module: Module): boolean {
  return module.calls.some(
    ({ call }) =>
      statement.start <= call.at[0] &&
      call.at[1] <= statement.end &&
      project.values.of(call.callee, module).some((v) => v.v === "exit") &&
      !isInFunction(page, statement, call),
  );
}

function isInFunction(page: Page, statement: Node, call: Call): boolean {
  const node = page.callAt(call.at);
  const fn = node && page.functionOf(node);
  return fn !== undefined && statement.start <= fn.start && fn.end <= statement.end;
}

/** Before the one exit of a callback, or before all that a callback with several does. */
function atFirst(page: Page, { fn, exit, several }: ExitingCallback, awaited: string): Edit[] | undefined {
  const site = siteOf(page, exit);
  const [first] = list(child(fn, "body"), "body");
  if (!several) return site && insertBefore(site, awaited);
  const { semicolon } = page.style;
  return first && page.isFirstOnLine(first.start)
    ? [page.insert(first.start, `${awaited}${semicolon}\n${page.indentAt(first.start)}`)]
    : undefined;
}

interface ExitingCallback {
  fn: Node;
  exit: Node;
  several: boolean;
}

/** `server.tryShutdown(() => process.exit(0))`: the callback ends the process, and so has to close before. */
function exitingCallback(
  page: Page,
  drain: Node,
  project: Project,
  module: Module,
): ExitingCallback | undefined {
  const exits = module.calls.flatMap(({ call }) => {
    if (call.at[0] < drain.start || call.at[1] > drain.end) return [];
    const isExit = project.values.of(call.callee, module).some((v) => v.v === "exit");
    const node = isExit ? page.callAt(call.at) : undefined;
    return node ? [node] : [];
  });
  const [exit] = exits;
  const fn = exit && page.functionOf(exit);
  const isOne = exits.every((e) => page.functionOf(e) === fn);
  return exit && fn && isOne && drain.start <= fn.start ? { fn, exit, several: exits.length > 1 } : undefined;
}

/** A close that nobody waits for yet is waited for. */
function withAwait(page: Page, close: Node, statement: Node, lines: string): string {
  if (isAwaited(page, close, statement)) return lines;
  const indent =
    /^[ \t]*/.exec(lines.slice(lines.lastIndexOf("\n", lines.indexOf(page.textOf(statement))) + 1))?.[0] ??
    "";
  const own = page.textOf(statement).replace(/^void /, "");
  return lines.replace(indent + page.textOf(statement), `${indent}await ${own}`);
}

const isAwaited = (page: Page, close: Node, statement: Node): boolean =>
  statement.type === "TryStatement" ||
  [...page.ancestors(close)].some((up) => up.type === "AwaitExpression" && up.start >= statement.start);

/** The close as a statement of one line. */
function awaitedText(page: Page, close: Node, statement: Node): string | undefined {
  if (statement.type !== "ExpressionStatement") return undefined;
  const text = reindented(page.textOf(statement), page.indentAt(statement.start), "").replace(/;$/, "");
  if (text.includes("\n")) return undefined;
  return isAwaited(page, close, statement) ? text : `await ${text.replace(/^void /, "")}`;
}

/** `server.close();` with nothing that waits for it becomes a promise; one that is waited for stays as it is. */
function promisedDrain(
  page: Page,
  drain: Node,
  rest: readonly Node[],
  ending: Ending,
  project: Project,
  module: Module,
): Edit[] | undefined {
  const expression = child(drain, "expression");
  const behind = rest[rest.indexOf(drain) + 1];
  if (drain.type !== "ExpressionStatement" || expression?.type !== "CallExpression") return [];
  if (behind && /\bonce\(|['"]close['"]/.test(page.textOf(behind))) return [];
  const own = ending.drains.find((d) => d.fn.module === module && page.callAt(d.call.at) === expression);
  if (!own || !project.module(page.file) || list(expression, "arguments").length > 0) return undefined;
  const text = page.text.slice(expression.start, expression.end - 1).trimEnd();
  const isPromise = !/http|express|koa|grpc|websocket|hono|connect/i.test(own.producer);
  if ([...nodesIn(expression)].some((n) => isFunction(n))) return undefined;
  return [
    page.replace(
      expression.start,
      expression.end,
      isPromise ? `await ${text})` : `await new Promise((resolve) => ${text}resolve))`,
    ),
  ];
}
