import type { Edit, Repair } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { asyncEdits } from "../edit/async.js";
import { reindented } from "../edit/insert.js";
import { child, list, nameOf, type Source } from "../edit/source.js";
import { removed } from "../exit/chain.js";
import { useOf } from "../exit/awaiting.js";
import { mentions } from "./names.js";

/**
 * Takes a flush out of an async promise executor, so that it is awaited beside the promise instead of inside of it.
 * @param flush the call in the executor
 * @returns undefined where it is not the first or the last thing that the executor does, or needs what only that knows
 */
export function outOfExecutor(project: Project, source: Source, flush: Node): Repair | undefined {
  const executor = source.functionOf(flush);
  const promise = executor && source.parentOf(executor);
  const body = child(executor, "body");
  const statements = list(body, "body");
  const statement = statements.find((s) => s.start <= flush.start && flush.end <= s.end);
  if (!executor || !statement || promise?.type !== "NewExpression") return undefined;
  const isFirst = statements[0] === statement;
  const isLast = statements.at(-1) === statement;
  const rest = statements.filter((s) => s !== statement);
  if ((!isFirst && !isLast) || rest.length === 0 || awaits(source, executor, statement)) return undefined;
  const text = awaitedText(source, statement, flush);
  const own = [...(executor.params as Node[]).flatMap((p) => nameOf(p) ?? []), ...rest.flatMap(declared)];
  if (text === undefined || own.some((name) => mentions(text, name))) return undefined;
  const outer = outerOf(project, source, promise);
  if (!outer) return undefined;
  if (settlesOnly(executor, rest) && awaited(source, promise) && statement.type === "ExpressionStatement")
    return {
      level: "review",
      title: "Wait for the flush itself",
      edits: [source.replace(promise.start, promise.end, text.replace(/^await |;$/g, ""))],
    };
  const indent = source.indentAt(outer.statement.start);
  const moved = reindented(text, source.indentAt(statement.start), indent);
  const place = isFirst
    ? source.insert(outer.statement.start, `${moved}\n${indent}`)
    : source.insert(outer.statement.end, `\n${indent}${moved}`);
  return {
    level: "review",
    title: "Wait for the flush outside of the executor",
    edits: [...outer.edits, place, unAsync(source, executor), removed(source, statement)],
  };
}

/** A statement that waits for its flush, or is made to where it does nothing else. */
function awaitedText(source: Source, statement: Node, flush: Node): string | undefined {
  const text = source.textOf(statement);
  if (statement.type === "ExpressionStatement") return `await ${text.replace(/^(await |void )/, "")}`;
  const isAwaited = [...source.ancestors(flush)].some(
    (n) => n.type === "AwaitExpression" && n.start > statement.start && n.end <= statement.end,
  );
  return isAwaited ? text : undefined;
}

/** Nothing is left but `resolve();`. */
function settlesOnly(executor: Node, rest: Node[]): boolean {
  const [resolve] = (executor.params as Node[]).map((p) => nameOf(p));
  const [only] = rest;
  const call = child(only, "expression");
  return (
    rest.length === 1 &&
    call?.type === "CallExpression" &&
    list(call, "arguments").length === 0 &&
    nameOf(child(call, "callee")) === resolve
  );
}

const awaited = (source: Source, promise: Node): boolean =>
  source.parentOf(promise)?.type === "AwaitExpression";

const declared = (s: Node): string[] => list(s, "declarations").flatMap((d) => nameOf(child(d, "id")) ?? []);

/** The executor waits for something else too. */
function awaits(source: Source, executor: Node, except: Node): boolean {
  for (const node of source.nodes())
    if (
      (node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await === true)) &&
      source.functionOf(node) === executor &&
      !(except.start <= node.start && node.end <= except.end)
    )
      return true;
  return false;
}

function unAsync(source: Source, executor: Node): Edit {
  const lead = /^async\s+/.exec(source.text.slice(executor.start))?.[0] ?? "";
  return source.replace(executor.start, executor.start + lead.length, "");
}

/** What the return type of the function said of the promise it now has to say itself. */
function typed(source: Source, promise: Node): Edit[] {
  const callee = child(promise, "callee");
  if (!callee || !source.isTypeScript || child(promise, "typeArguments")) return [];
  return [source.insert(callee.end, "<void>")];
}

/** The statement that waits for the promise, or returns it and so has to wait instead. */
function outerOf(
  project: Project,
  source: Source,
  promise: Node,
): { statement: Node; edits: Edit[] } | undefined {
  const up = source.parentOf(promise);
  const holder = up?.type === "AwaitExpression" ? source.parentOf(up) : up;
  if (!holder || !/^(Block|Program)/.test(source.parentOf(holder)?.type ?? "")) return undefined;
  if (holder.type === "ExpressionStatement" && up?.type === "AwaitExpression")
    return { statement: holder, edits: [] };
  if (holder.type !== "ReturnStatement") return undefined;
  const fn = source.functionOf(holder);
  const returned = fn && child(child(fn, "returnType"), "typeAnnotation");
  if (!fn || (returned && !/^Promise<void>$/.test(source.textOf(returned)))) return undefined;
  if (!returned && source.isTypeScript && !/^new Promise<void>/.test(source.textOf(promise)))
    return undefined;
  const edits = asyncEdits(source, fn);
  if (!edits || (fn.async !== true && useOf(project, source, fn) === undefined)) return undefined;
  return {
    statement: holder,
    edits: [...edits, ...typed(source, promise), source.replace(holder.start, promise.start, "await ")],
  };
}
