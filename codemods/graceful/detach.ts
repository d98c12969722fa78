import { flushesIn, type Ending } from "../../src/program/endings.js";
import type { Project } from "../../src/program/project.js";
import type { Fn, Module, Span } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { registrationMethods } from "../../src/knowledge/process.js";
import { reindented } from "../edit/insert.js";
import { calledName, child, isFunction, list } from "../edit/source.js";
import { linesOf, rangeToCut } from "../ending/lines.js";
import { statementsOf, type Page } from "../ending/page.js";
import { freeNames, indented } from "../ending/text.js";
import { nodeOf } from "../flush/helpers.js";
import { usesOf } from "../flush/names.js";
import { canReject } from "../flush/write.js";
import { Closer, type CloseCall } from "./closer.js";
import type { Draft } from "./draft.js";
import { exportEdits } from "./exported.js";
import { heldByCloses } from "./held.js";
import { importFrom } from "./importing.js";
import { logsOnly } from "./plain.js";

/** What a listener did to close telemetry, as a function that another ending can call. */
export interface Detached {
  callIn(home: Page): CloseCall | undefined;
  sharedCallIn(home: Page): CloseCall | undefined;
  /** The exit that the listener ended with, as written. */
  exit: string | undefined;
}

/**
 * Turns the listener of an ending into a function and takes its registration away.
 * @returns undefined where it does more than to close telemetry and to end the process, or is used elsewhere
 */
export function detach(
  ending: Ending,
  project: Project,
  open: (file: string) => Page | undefined,
  draft: Draft,
): Detached | undefined {
  const [fn] = ending.listeners;
  const page = fn && open(fn.module.file);
  const node = page && nodeOf(page, fn);
  if (!page || !node || ending.listeners.length !== 1 || !logsOnly(fn, project)) return undefined;
  const place = placeOf(page, fn.module, node);
  if (!place) return detachNested(ending, page, node, fn, project, draft);
  const names = freeNames(page.text);
  const body = names && bodyOf(page, node, fn, project);
  if (!names || !body) return undefined;
  const name = names.shutdown;
  const lines = functionLines(page, fn.module, name, body, place.instead);
  draft.add([page.replace(place.instead.start, place.instead.end, indented(lines, "").trimStart())]);
  for (const extra of place.also) {
    const known = linesOf(page, extra, statementsOf(page.parentOf(extra)) ?? []);
    if (!known) return undefined;
    const range = rangeToCut(page, known);
    draft.add([page.replace(range.start, range.end, "")]);
  }
  const rejects = !body.caught && ending.hits.some((h) => h.kind === "flush" && mayReject(h));
  const call = (local: string): CloseCall => ({
    awaited: `${local}()${rejects ? ".catch(console.error)" : ""}`,
    bounded: true,
  });
  const callIn = (home: Page): CloseCall | undefined => {
    if (home.file === page.file) return call(name);
    const imported = importFrom(project, home, fn.module, name, name);
    const exporting = imported && exportEdits(page, fn.module, name, { gone: place.also });
    if (!imported || !exporting) return undefined;
    draft.add(imported.edits);
    draft.add(exporting);
    return call(imported.local);
  };
  return { callIn, sharedCallIn: callIn, exit: body.exit };
}

/** A listener that a function registers: the function of the top level reaches the handle by a variable of the file. */
function detachNested(
  ending: Ending,
  page: Page,
  node: Node,
  fn: Fn,
  project: Project,
  draft: Draft,
): Detached | undefined {
  const call = page.parentOf(node);
  const statement = call?.type === "CallExpression" ? registrationOf(page, call) : undefined;
  const known = statement && linesOf(page, statement, statementsOf(page.parentOf(statement)) ?? []);
  const held = statement && heldByCloses(page, flushesIn(ending), project, [statement.start, statement.end]);
  const exit = exitsIn(page, fn, project)[0];
  if (!known || !held) return undefined;
  const range = rangeToCut(page, known);
  draft.add([page.replace(range.start, range.end, "")]);
  const closer = Closer.ofHeld(page, fn.module, statement.start, held, project, draft);
  const callIn = (home: Page): CloseCall | undefined => closer.sharedCallIn(home);
  return { callIn, sharedCallIn: callIn, exit: exit && page.textOf(exit) };
}

const mayReject = ({ facts, vendor, value }: Ending["hits"][number]): boolean =>
  facts !== undefined &&
  vendor !== undefined &&
  canReject({ facts, vendor, name: value?.v === "member" ? value.member.name : "" });

/** The statement of the top level that becomes the function, and those that only register it. */
interface Place {
  instead: Node;
  also: Node[];
}

function placeOf(page: Page, module: Module, fn: Node): Place | undefined {
  const holder = page.parentOf(fn);
  if (holder?.type === "CallExpression") {
    const statement = registrationOf(page, holder);
    return statement && isTop(page, statement) ? { instead: statement, also: [] } : undefined;
  }
  const declared = fn.type === "FunctionDeclaration" ? fn : holder && page.parentOf(holder);
  const id = fn.type === "FunctionDeclaration" ? child(fn, "id") : child(holder, "id");
  if (!declared || id?.type !== "Identifier" || page.parentOf(declared)?.type !== "Program") return undefined;
  if (declared.type === "VariableDeclaration" && list(declared, "declarations").length !== 1)
    return undefined;
  const also: Node[] = [];
  for (const use of usesOf(page, module, id)) {
    const call = page.parentOf(use);
    const statement = call?.type === "CallExpression" ? registrationOf(page, call) : undefined;
    if (!statement || !isTop(page, statement)) return undefined;
    if (!also.includes(statement)) also.push(statement);
  }
  return also.length > 0 ? { instead: declared, also } : undefined;
}

const isTop = (page: Page, statement: Node): boolean => page.parentOf(statement)?.type === "Program";

/** The statement that registers a listener and does nothing else, loops over signals included. */
function registrationOf(page: Page, call: Node): Node | undefined {
  if (!registrationMethods.includes(calledName(call) ?? "")) return undefined;
  let statement = page.parentOf(call);
  if (statement?.type !== "ExpressionStatement") return undefined;
  for (;;) {
    const up: Node | undefined = page.parentOf(statement);
    if (up?.type === "Program" || (up?.type === "BlockStatement" && list(up, "body").length > 1))
      return statement;
    if (!up || !/^(BlockStatement|ForOfStatement)$/.test(up.type)) return undefined;
    statement = up;
  }
}

/** What is left of a listener's body without its exit. */
interface Body {
  isAsync: boolean;
  lines: string[];
  /** Its failure is handled. */
  caught: boolean;
  exit: string | undefined;
}

function bodyOf(page: Page, node: Node, fn: Fn, project: Project): Body | undefined {
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

function exitsIn(page: Page, fn: Fn, project: Project): Node[] {
  return fn.module.calls.flatMap(({ call }) => {
    if (call.at[0] < fn.at[0] || call.at[1] > fn.at[1]) return [];
    const isExit = project.values.of(call.callee, fn.module).some((v) => v.v === "exit");
    const node = isExit ? page.callAt(call.at) : undefined;
    return node ? [node] : [];
  });
}

function functionLines(page: Page, module: Module, name: string, body: Body, instead: Node): string[] {
  const { indent } = page.style;
  const type = page.isTypeScript ? `: Promise<${body.isAsync ? "void" : "unknown"}>` : "";
  const head = `${module.esm ? "export " : ""}${body.isAsync ? "async " : ""}function ${name}()${type} {`;
  const about = isAboveCommented(page, instead)
    ? []
    : ["/** Sends what is still buffered and closes telemetry. */"];
  return [...about, head, ...body.lines.map((line) => indent + line), "}"];
}

const isAboveCommented = (page: Page, statement: Node): boolean =>
  page.comments.some(
    (c) =>
      c.end <= statement.start &&
      /^[ \t]*\r?\n$/.test(page.text.slice(c.end, page.lineStart(statement.start))),
  );
