import { flushesIn, type Ending } from "../../src/program/endings.js";
import type { Project } from "../../src/program/project.js";
import type { Fn, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { registrationMethods } from "../../src/knowledge/process.js";
import { calledName, child, list } from "../edit/source.js";
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
import { bodyOf, exitsIn, type Body } from "./listener-body.js";
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
