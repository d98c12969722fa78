import type { Edit } from "../../src/finding.js";
import type { Fn } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, list, nameOf, type Source } from "./source.js";

/** The node of a function. */
export const nodeOf = (source: Source, fn: Fn): Node | undefined =>
  source.at(fn.at, "FunctionExpression", "ArrowFunctionExpression", "FunctionDeclaration");

/** A method that is written into a class or object: its name, whether it is async, and its one statement without the semicolon. */
export interface NewMethod {
  name: string;
  async: boolean;
  body: string;
}

/** Puts methods behind the last method of a class body or the last property of an object; undefined for a class on one line. */
export function withMethods(source: Source, holder: Node, methods: readonly NewMethod[]): Edit | undefined {
  const isClass = holder.type === "ClassBody";
  const members = list(holder, isClass ? "body" : "properties");
  const last = isClass ? members.findLast((m) => m.type === "MethodDefinition") : members.at(-1);
  const { style, text } = source;
  if (!last) return undefined;
  if (!source.isFirstOnLine(last.start)) return isClass ? undefined : inLine(source, last, methods);
  const outer = source.indentAt(last.start);
  const key = child(last, "key");
  const gap = key && /^\s+\(/.test(text.slice(key.end)) ? " " : "";
  const written = methods.map(
    ({ name, async, body }) =>
      `${async ? "async " : ""}${name}${gap}()${isClass && source.isTypeScript ? ": Promise<void>" : ""} {\n${outer}${style.indent}${body}${style.semicolon}\n${outer}}`,
  );
  if (isClass) return source.insert(last.end, written.map((method) => `\n\n${outer}${method}`).join(""));
  const comma = /^\s*,/.exec(text.slice(last.end));
  return comma
    ? source.insert(last.end + comma[0].length, written.map((method) => `\n${outer}${method},`).join(""))
    : source.insert(last.end, written.map((method) => `,\n${outer}${method}`).join(""));
}

/** `{ a, b }` becomes `{ a, b, name: () => ... }`. */
function inLine(source: Source, last: Node, methods: readonly NewMethod[]): Edit | undefined {
  const written = methods.map(({ name, async, body }) => {
    const [, value] = /^return (.*)$/s.exec(body) ?? [];
    return value === undefined || async
      ? `${name}: async () => { ${body}${source.style.semicolon} }`
      : `${name}: () => ${value}`;
  });
  return source.insert(last.end, `, ${written.join(", ")}`);
}

/** The statements of a body that has one. */
export const statementsOf = (fn: Node): Node[] => list(child(fn, "body"), "body");

/** `Promise.resolve()`. */
export function isResolved(node: Node | undefined): boolean {
  const callee = node?.type === "CallExpression" ? child(node, "callee") : undefined;
  return (
    nameOf(child(callee, "object")) === "Promise" &&
    nameOf(child(callee, "property")) === "resolve" &&
    list(node, "arguments").length === 0
  );
}

/** The body of the class, or the object literal, that begins at an offset. */
export function holderAt(source: Source, start: number): Node | undefined {
  for (const node of source.nodes()) {
    if (node.start !== start) continue;
    if (node.type === "ClassDeclaration" || node.type === "ClassExpression") return child(node, "body");
    if (node.type === "ObjectExpression") return node;
  }
  return undefined;
}

/** `void` becomes `Promise<void>`; nothing where no type is written or it is one already; undefined for another. */
export function promiseType(source: Source, node: Node): Edit[] | undefined {
  const type = child(child(node, "returnType"), "typeAnnotation");
  if (!type) return [];
  const text = source.textOf(type);
  if (/^Promise<(?:void|undefined|unknown|any)>$/.test(text)) return [];
  return /^(?:void|undefined)$/.test(text)
    ? [source.replace(type.start, type.end, "Promise<void>")]
    : undefined;
}
