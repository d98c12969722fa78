import type { Project } from "../../src/program/project.js";
import type { Fn, Span } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { reindented } from "../edit/insert.js";
import { calledName, child, isFunction, list } from "../edit/source.js";
import { statementsOf, type Page } from "../ending/page.js";

/** What is left of a listener's body without its exit. */
export interface Body {
  isAsync: boolean;
  lines: string[];
  /** Its failure is handled. */
  caught: boolean;
  exit: string | undefined;
}

/** Undefined where the exit cannot be taken out without a rewrite. */
export function bodyOf(page: Page, node: Node, fn: Fn, project: Project): Body | undefined {
  const body = child(node, "body");
  const exits = exitsIn(page, fn, project);
  if (!body) return undefined;
  const statements = statementsOf(body);
  const [only] = statements ?? [];
  const expression = statements
    ? statements.length === 1 && only?.type === "ExpressionStatement"
      ? child(only, "expression")
      : undefined
    : body;
  if (expression && expression.type !== "AwaitExpression") return ofChain(page, expression, exits);
  if (!statements || node.async !== true) return undefined;
  return ofBlock(page, statements, exits);
}

/** `sdk.shutdown().catch(report).finally(() => process.exit(0))` without its last link. */
function ofChain(page: Page, expression: Node, exits: Node[]): Body | undefined {
  let chain = expression.type === "UnaryExpression" ? child(expression, "argument") : expression;
  let exit: string | undefined;
  if (chain && exits.length > 0) {
    const link = child(chain, "callee");
    const [argument, ...more] = list(chain, "arguments");
    const own = argument && exits.filter((e) => within(e, argument));
    const isExit =
      argument && isFunction(argument) && own?.length === exits.length && isOnlyExit(page, argument, exits);
    if (!/^(then|finally)$/.test(calledName(chain) ?? "") || more.length > 0 || !isExit) return undefined;
    exit = page.textOf(exits[0] as Node);
    chain = child(link, "object");
  }
  if (!chain) return undefined;
  const caught = hasCatch(page, chain);
  const from = page.indentAt(expression.start);
  const text = reindented(page.textOf(chain), from, page.style.indent);
  const closed = caught
    ? text
    : `${text}${text.includes("\n") ? `\n${page.style.indent}${page.style.indent}` : ""}.catch(console.error)`;
  return { isAsync: false, lines: [`return ${closed}${page.style.semicolon}`], caught: true, exit };
}

/** The chain ends with a handler of its failure. */
function hasCatch(page: Page, chain: Node): boolean {
  for (
    let at: Node | undefined = chain;
    at?.type === "CallExpression";
    at = child(child(at, "callee"), "object")
  ) {
    const name = calledName(at);
    if (name === "catch" || (name === "then" && list(at, "arguments").length === 2)) return true;
  }
  return false;
}

const within = (inner: Node, outer: Node): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** `() => process.exit(0)`, or the same in a block. */
function isOnlyExit(page: Page, fn: Node, exits: readonly Node[]): boolean {
  const body = child(fn, "body");
  const [only, ...more] = statementsOf(body) ?? [];
  const expression = statementsOf(body) ? child(only, "expression") : body;
  return more.length === 0 && expression !== undefined && exits.includes(expression);
}

function ofBlock(page: Page, statements: readonly Node[], exits: Node[]): Body | undefined {
  const kept = statements.filter((s) => !exits.some((e) => child(s, "expression") === e));
  const [only] = kept;
  let left: Node[] = kept;
  let caught = false;
  let text: string | undefined;
  if (only?.type === "TryStatement" && kept.length === 1) {
    const finalizer = child(only, "finalizer");
    const handler = child(only, "handler");
    caught = handler !== undefined;
    if (finalizer && list(finalizer, "body").every((s) => exits.some((e) => child(s, "expression") === e))) {
      if (handler) text = page.text.slice(only.start, handler.end);
      else left = list(child(only, "block"), "body");
    }
  }
  const first = left[0];
  const last = left.at(-1);
  if (!first || !last) return undefined;
  text ??= page.text.slice(first.start, last.end);
  const span: Span =
    text.startsWith("try") && only ? [only.start, only.start + text.length] : [first.start, last.end];
  if (exits.some((e) => span[0] <= e.start && e.end <= span[1])) return undefined;
  caught ||= /\.catch\(/.test(text);
  const from = page.indentAt(first.start);
  const [exit] = exits;
  return {
    isAsync: true,
    lines: [reindented(text, from, page.style.indent)],
    caught,
    exit: exit && page.textOf(exit),
  };
}

/** The calls of a function, and of those written in it, that end the process. */
export function exitsIn(page: Page, fn: Fn, project: Project): Node[] {
  return fn.module.calls.flatMap(({ call }) => {
    if (call.at[0] < fn.at[0] || call.at[1] > fn.at[1]) return [];
    const isExit = project.values.of(call.callee, fn.module).some((v) => v.v === "exit");
    const node = isExit ? page.callAt(call.at) : undefined;
    return node ? [node] : [];
  });
}
