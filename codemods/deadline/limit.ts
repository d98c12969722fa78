import type { Edit } from "../../src/finding.js";
import type { CallFacts } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";
import type { Binding } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, list, nameOf, type Source } from "../edit/source.js";
import { visibleAt } from "../flush/names.js";

/** Milliseconds that an ending waits for telemetry, where the file does not say otherwise. */
const LIMIT_MILLIS = 2000;

/** Constants that say how long an ending may take. */
const ABOUT_ENDING = /shut_?down|flush|clos(e|ing)|exit|drain|grace|telemetry/i;
const ABOUT_TIME = /time_?out|deadline|limit|delay|wait|grace|_ms$|ms$|millis|seconds|_sec$/i;

type Timeout = CallFacts["timeout"] & object;

/**
 * Gives a call the time limit that its own parameter takes.
 * @returns undefined where what it is given already leaves no room for one
 */
export function limitEdits(
  project: Project,
  source: Source,
  call: Node,
  timeout: Timeout,
): Edit[] | undefined {
  const limit = limitAt(project, source, call, timeout);
  const args = list(call, "arguments");
  const given = args[timeout.argument];
  const { property } = timeout;
  const pair = property === undefined ? limit : `${property}: ${limit}`;
  const whole = property === undefined ? limit : source.style.spaced ? `{ ${pair} }` : `{${pair}}`;
  if (!given) {
    const last = args.at(-1);
    if (args.length !== timeout.argument) return undefined;
    return last ? [source.insert(last.end, `, ${whole}`)] : [source.insert(call.end - 1, whole)];
  }
  if (saysNothing(given)) return [source.replace(given.start, given.end, whole)];
  if (property === undefined || given.type !== "ObjectExpression") return undefined;
  const own = givenLimit(call, timeout);
  if (own) return saysNothing(own) ? [source.replace(own.start, own.end, limit)] : undefined;
  const last = list(given, "properties").at(-1);
  if (!last) return [source.replace(given.start, given.end, whole)];
  const gap = source.isFirstOnLine(last.start) ? `\n${source.indentAt(last.start)}` : " ";
  return [source.insert(last.end, `,${gap}${pair}`)];
}

/** `undefined`, and what SDKs take for it. */
const saysNothing = (given: Node): boolean =>
  (given.type === "Identifier" && (given.name === "undefined" || given.name === "Infinity")) ||
  (given.type === "Literal" && (given.value === null || given.value === 0));

/** The limit as it is written at a call: by the file's own constant where it has one. */
function limitAt(project: Project, source: Source, call: Node, { unit }: Timeout): string {
  const own = constantAt(project, source, call);
  if (own && own.unit === unit) return own.name;
  if (own) return unit === "ms" ? `${own.name} * 1000` : `${own.name} / 1000`;
  return String(unit === "s" ? LIMIT_MILLIS / 1000 : LIMIT_MILLIS);
}

/** A number of the file's top level that by its name is the time that an ending may take. */
export function constantAt(
  project: Project,
  source: Source,
  node: Node,
): { name: string; unit: "ms" | "s"; millis: number } | undefined {
  const module = project.module(source.file);
  if (!module) return undefined;
  const visible = visibleAt(source, module, node);
  for (const bind of module.bindings) {
    if (!ABOUT_ENDING.test(bind.name) || !ABOUT_TIME.test(bind.name) || visible.get(bind.name) !== bind)
      continue;
    const value = valueOf(source, bind);
    if (value === undefined || value <= 0) continue;
    const inSeconds = /sec(ond)?s?$/i.test(bind.name);
    const millis = inSeconds ? value * 1000 : value;
    if (millis >= 100 && millis <= 30_000) return { name: bind.name, unit: inSeconds ? "s" : "ms", millis };
  }
  return undefined;
}

/** The number that a constant is declared with, products included. */
function valueOf(source: Source, bind: Binding): number | undefined {
  const id = bind.constant ? source.at([bind.at[0], bind.at[0] + bind.name.length], "Identifier") : undefined;
  const holder = id && source.parentOf(id);
  return holder?.type === "VariableDeclarator" && child(holder, "id") === id
    ? numberIn(child(holder, "init"))
    : undefined;
}

export function numberIn(node: Node | undefined): number | undefined {
  if (node?.type === "Literal" && typeof node.value === "number") return node.value;
  if (node?.type.startsWith("TS")) return numberIn(child(node, "expression"));
  if (node?.type !== "BinaryExpression" || node.operator !== "*") return undefined;
  const left = numberIn(child(node, "left"));
  const right = numberIn(child(node, "right"));
  return left === undefined || right === undefined ? undefined : left * right;
}

/** The argument, or the property of it, in which a call is given its limit. */
export function givenLimit(call: Node, { argument, property }: Timeout): Node | undefined {
  const given = list(call, "arguments")[argument];
  if (property === undefined) return given;
  return child(
    list(given, "properties").find((p) => nameOf(child(p, "key")) === property),
    "value",
  );
}
