import type { Edit, Repair } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { reindented } from "../edit/insert.js";
import { child, isFunction, list, nameOf, type Source } from "../edit/source.js";
import { writesArrows } from "./arrows.js";

/**
 * `if (closing) return; closing = true; ...` becomes one promise that every caller gets: `closing ??= ...; return closing;`.
 * @param node a call in the function with the latch
 * @returns undefined where the flag says something to other code as well, or the function gives a value
 */
export function sharedPromise(source: Source, node: Node): Repair | undefined {
  const fn = latched(source, node);
  const body = child(fn, "body");
  const [test, set, ...rest] = list(body, "body");
  const flag = flagOf(test, set);
  const first = rest[0];
  const last = rest.at(-1);
  if (!fn || !body || !test || !set || !flag || !first || !last) return undefined;
  const declared = declarationOf(source, flag);
  if (!declared || givesValue(source, fn) || /\barguments\b/.test(source.textOf(body))) return undefined;
  const name = nameFor(source, flag);
  const { indent, semicolon } = source.style;
  const arrows = writesArrows(source);
  const outer = source.indentAt(test.start);
  const lines = reindented(source.text.slice(first.start, last.end), outer, outer + indent);
  const only = rest.length === 1 && !source.isTypeScript ? child(first, "expression") : undefined;
  const waited = only?.type === "AwaitExpression" ? child(only, "argument") : undefined;
  const text = [
    ...(waited
      ? [`${name} ??= ${source.textOf(waited)}${semicolon}`]
      : [`${name} ??= (async () => {`, `${indent}${lines}`, `})()${semicolon}`]),
    `return ${name}${semicolon}`,
  ].join(`\n${outer}`);
  if (!arrows) return undefined;
  const lead = /^async\s+/.exec(source.text.slice(keywordOf(source, fn)))?.[0] ?? "";
  const at = keywordOf(source, fn);
  const edits: Edit[] = [
    source.replace(
      declared.start,
      declared.end,
      source.isTypeScript ? `${name}: Promise<void> | undefined` : name,
    ),
    source.replace(at, at + lead.length, ""),
    source.replace(test.start, last.end, text),
  ];
  return { level: "review", title: "Share one closing promise", edits };
}

/** Where the keyword of a function stands: before the key of a method. */
function keywordOf(source: Source, fn: Node): number {
  const holder = source.parentOf(fn);
  return holder?.type === "MethodDefinition" || (holder?.type === "Property" && holder.method === true)
    ? holder.start
    : fn.start;
}

/** The async function around a node that begins with a latch. */
function latched(source: Source, node: Node): Node | undefined {
  for (const up of [node, ...source.ancestors(node)]) {
    if (!isFunction(up) || up.async !== true || source.parentOf(up)?.type === "MethodDefinition") continue;
    const [test, set] = list(child(up, "body"), "body");
    if (flagOf(test, set) !== undefined) return up;
  }
  return undefined;
}

/** `if (flag) return; flag = true;` */
function flagOf(test: Node | undefined, set: Node | undefined): string | undefined {
  const assigned = child(set, "expression");
  const leaves = child(test, "consequent");
  const [only] = leaves?.type === "BlockStatement" ? list(leaves, "body") : [leaves];
  const name = nameOf(child(test, "test"));
  const isLatch =
    test?.type === "IfStatement" &&
    !child(test, "alternate") &&
    only?.type === "ReturnStatement" &&
    !child(only, "argument") &&
    assigned?.type === "AssignmentExpression" &&
    nameOf(child(assigned, "left")) === name &&
    child(assigned, "right")?.value === true;
  return isLatch ? name : undefined;
}

/** The declarator of a flag that only the latch uses. */
function declarationOf(source: Source, flag: string): Node | undefined {
  const same = [...source.nodes()].filter((n) => n.type === "Identifier" && n.name === flag);
  const holder = same.map((n) => source.parentOf(n)).find((p) => p?.type === "VariableDeclarator");
  const isFlag = child(holder, "init")?.value === false && !child(child(holder, "id"), "typeAnnotation");
  return same.length === 3 && holder && isFlag && !isExported(source, holder) ? holder : undefined;
}

const isExported = (source: Source, declarator: Node): boolean =>
  source.parentOf(source.parentOf(declarator) ?? declarator)?.type === "ExportNamedDeclaration";

function givesValue(source: Source, fn: Node): boolean {
  for (const node of source.nodes())
    if (node.type === "ReturnStatement" && child(node, "argument") && source.functionOf(node) === fn)
      return true;
  return false;
}

/** A name for a promise in place of a flag's: `isClosing` and `closed` are `closing`. */
function nameFor(source: Source, flag: string): string {
  const bare = flag.replace(/^(?:is|has)([A-Z])/, (_, letter: string) => letter.toLowerCase());
  const name = bare.replace(/^closed$/, "closing").replace(/^stopped$/, "stopping");
  const taken = [...source.nodes()].some((n) => n.type === "Identifier" && n.name === name);
  return taken ? flag : name;
}
