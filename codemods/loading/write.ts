import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { reindented } from "../edit/insert.js";
import { usesImports } from "../edit/imports.js";
import { child, list, nameOf, type Source } from "../edit/source.js";
import { cutOut, withComments } from "./lines.js";
import { declarationIn, declaredBy, namesIn } from "./names.js";
import type { Slice } from "./slice.js";

/**
 * The text of the file that a slice becomes.
 * @param register an import and a call that go with it
 */
export function textOf(slice: Slice, register?: readonly [load: string, call: string]): string {
  const { source, statements, loads, shared } = slice;
  const esm = usesImports(source);
  const { semicolon } = source.style;
  const first = loads.filter(({ names }) => names.size === 0);
  const others = loads.filter(({ names }) => names.size > 0);
  const lines = [...first, ...others].map(({ loading, names }) =>
    reduced(source, loading.node, (n) => names.has(n)),
  );
  let text = register ? [register[0], ...lines, "", register[1]].join("\n") : lines.join("\n");
  let last: number | undefined;
  for (const statement of statements) {
    const [start, end] = withComments(source, statement);
    const gap = last === undefined ? "" : source.text.slice(last, start);
    text +=
      last !== undefined && gap.trim() === "" && !/\n\s*\n/.test(gap) ? "\n" : text === "" ? "" : "\n\n";
    const own = reindented(source.text.slice(start, end), source.indentAt(statement.start), "");
    text += esm && declaredBy(statement).some((n) => shared.has(n)) ? exported(own, statement, start) : own;
    last = end;
  }
  if (!esm && shared.size > 0) {
    const names = [...shared].join(", ");
    text += `\n\nmodule.exports = ${source.style.spaced ? `{ ${names} }` : `{${names}}`}${semicolon}`;
  }
  return `${text}\n`;
}

/** `export` in front of a declaration, behind its comments. */
function exported(text: string, statement: Node, start: number): string {
  if (statement.type === "ExportNamedDeclaration") return text;
  const at = statement.start - start;
  return `${text.slice(0, at)}export ${text.slice(at)}`;
}

/** A statement that loads a module, with those of its names alone that are wanted. */
function reduced(source: Source, node: Node, isWanted: (name: string) => boolean): string {
  const names = declaredBy(node);
  const text = source.textOf(node);
  if (names.every(isWanted)) return text;
  if (node.type !== "ImportDeclaration") {
    const pattern = child(list(node, "declarations")[0], "id");
    const items = list(pattern, "properties");
    if (pattern?.type !== "ObjectPattern" || items.some((i) => i.type === "RestElement")) return text;
    const kept = items.filter((i) => isWanted(nameOf(child(i, "value")) ?? ""));
    const from = pattern.start - node.start;
    return text.slice(0, from) + braces(source, pattern, kept) + text.slice(pattern.end - node.start);
  }
  const specifiers = list(node, "specifiers");
  const kept = specifiers.filter((s) => isWanted(nameOf(child(s, "local")) ?? ""));
  const named = kept.filter((s) => s.type === "ImportSpecifier");
  const whole = kept.filter((s) => s.type !== "ImportSpecifier").map((s) => source.textOf(s));
  const from = child(node, "source");
  const head = node.importKind === "type" ? "import type" : "import";
  const list_ = named.length > 0 ? [braces(source, node, named)] : [];
  const tail = text.slice(text.lastIndexOf(source.textOf(from ?? node)));
  return `${head} ${[...whole, ...list_].join(", ")} from ${tail}`;
}

/** A list in braces, on lines of its own where the old one was. */
function braces(source: Source, around: Node, items: readonly Node[]): string {
  const texts = items.map((i) => source.textOf(i));
  const isLong = source.isFirstOnLine(items[0]?.start ?? around.start) && texts.join(", ").length > 60;
  if (isLong) return `{\n${texts.map((t) => `${source.style.indent}${t},\n`).join("")}}`;
  return source.style.spaced ? `{ ${texts.join(", ")} }` : `{${texts.join(", ")}}`;
}

/** Takes a slice out of its file: the statements, and what only they needed of the modules that it loads. */
export function takenOut(slice: Slice): Edit[] {
  const { source, statements, loads } = slice;
  const gone = [...statements, ...loads.map(({ loading }) => loading.node)];
  const rest = namesIn(source, source.program, gone);
  const cut = statements.map((s) => withComments(source, s));
  const edits: Edit[] = [];
  for (const { loading, names } of loads) {
    const all = declaredBy(loading.node);
    const isKept = (name: string): boolean => rest.has(name) || !names.has(name);
    if (!all.some(isKept)) cut.push(withComments(source, loading.node));
    else if (!all.every(isKept)) {
      const text = reduced(source, loading.node, isKept);
      if (text !== source.textOf(loading.node))
        edits.push(source.replace(loading.node.start, loading.node.end, text));
    }
  }
  return [...edits, ...cutOut(source, cut)];
}

/** The statement by which a file loads a slice first, with what it goes on to use of it. */
export function loadingOf(slice: Slice, specifier: string): string {
  const { source, statements, shared } = slice;
  const { quote, semicolon, spaced } = source.style;
  const names = [...shared].sort();
  const types = new Set(
    statements.filter((s) => /^TS(Interface|TypeAlias)/.test(declarationIn(s).type)).flatMap(declaredBy),
  );
  const from = `${quote}${specifier}${quote}${semicolon}`;
  const list_ = (items: readonly string[]): string =>
    spaced ? `{ ${items.join(", ")} }` : `{${items.join(", ")}}`;
  if (!usesImports(source)) {
    const load = `require(${quote}${specifier}${quote})${semicolon}`;
    return names.length > 0 ? `const ${list_(names)} = ${load}` : load;
  }
  const values = names.filter((n) => !types.has(n));
  const lines = [values.length > 0 ? `import ${list_(values)} from ${from}` : `import ${from}`];
  if (types.size > 0) {
    const own = names.filter((n) => types.has(n));
    if (own.length > 0) lines.push(`import type ${list_(own)} from ${from}`);
  }
  const exported = statements.filter((s) => s.type === "ExportNamedDeclaration").flatMap(declaredBy);
  if (exported.length > 0) lines.push(`export ${list_(exported)} from ${from}`);
  return lines.join("\n");
}
