import type { SdkClass } from "../../src/facts/lookup.js";
import type { Edit } from "../../src/finding.js";
import type { Binding, Module, Span } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { statementsOf, type Page } from "../ending/page.js";
import { child, list } from "../edit/source.js";
import { takenNames } from "../flush/names.js";

/** A handle by a name that its whole file knows. */
export interface Kept {
  text: string;
  /** It may hold nothing yet when it is closed. */
  optional: boolean;
  edits: Edit[];
}

/**
 * A handle that is a variable of one function or block moves to the top level, where an ending can reach it.
 * @param gone what is taken away from there
 */
export function keepLocal(
  page: Page,
  bind: Binding,
  cls: SdkClass,
  module: Module,
  gone?: Span,
): Kept | undefined {
  const id =
    page.at([bind.at[0], bind.at[0] + bind.name.length], "Identifier") ?? identifierAt(page, bind.at[0]);
  const declarator = id && page.parentOf(id);
  const declaration = declarator && page.parentOf(declarator);
  const init = child(declarator, "init");
  if (declarator?.type !== "VariableDeclarator" || child(declarator, "id") !== id) return undefined;
  if (!declaration || !init || !siblingsAt(page, declaration)) return undefined;
  const type = typeOf(page, declarator, init);
  if (page.isTypeScript && type === undefined) return undefined;
  const alone = list(declaration, "declarations").length === 1;
  const free = module.bindings.every((b) => b.name !== bind.name) && !shadows(page, bind, declaration);
  const closures = bind.uses.some((use) => use.fn !== bind.owner && !isWithin(use.at, gone));
  if (alone && free && !(closures && page.isTypeScript) && !isExported(page, declaration)) {
    const start = page.text.slice(declaration.start, id.end);
    const named = page.text.slice(id.start, id.start + bind.name.length);
    if (!/^(const|let|var)\s/.test(start)) return undefined;
    return {
      text: bind.name,
      optional: true,
      edits: [declare(page, declaration, bind.name, type), page.replace(declaration.start, id.end, named)],
    };
  }
  const name = freeName(page, cls, new Set([bind.name]));
  const { semicolon } = page.style;
  const kept = `\n${page.indentAt(declaration.start)}${name} = ${bind.name}${semicolon}`;
  return {
    text: name,
    optional: true,
    edits: [declare(page, declaration, name, type), page.insert(declaration.end, kept)],
  };
}

const isWithin = (inner: Span, outer: Span | undefined): boolean =>
  outer !== undefined && outer[0] <= inner[0] && inner[1] <= outer[1];

/** A handle that no variable holds gets one. */
export function keepDropped(page: Page, node: Node, cls: SdkClass, module: Module): Kept | undefined {
  const statement = [...page.ancestors(node)].find((up) => siblingsAt(page, up));
  const fn = page.functionOf(node);
  if (!statement || (fn && page.functionOf(statement) !== fn)) return undefined;
  if (statement.type !== "ExpressionStatement" && statement.type !== "VariableDeclaration") return undefined;
  const name = freeName(page, cls, new Set(module.bindings.map((b) => b.name)));
  const { semicolon } = page.style;
  const [start, end] = inParentheses(page, node);
  const made = page.textOf(node);
  const top = page.parentOf(statement)?.type === "Program";
  const lead = top ? "const " : "";
  const before = `${lead}${name} = ${made}${semicolon}`;
  const edits = isWhole(statement, node)
    ? [page.insert(statement.start, `${lead}${name} = `)]
    : [
        page.insert(statement.start, `${before}\n${page.indentAt(statement.start)}`),
        page.replace(start, end, name),
      ];
  if (top) return { text: name, optional: false, edits };
  const type = typeOf(page, undefined, node);
  if (page.isTypeScript && type === undefined) return undefined;
  return { text: name, optional: true, edits: [declare(page, statement, name, type), ...edits] };
}

/** The statement is the call alone. */
const isWhole = (statement: Node, node: Node): boolean => child(statement, "expression") === node;

/** `(new Provider()).register()` loses its parentheses with what is in them. */
function inParentheses(page: Page, node: Node): [number, number] {
  const open = /\(\s*$/.exec(page.text.slice(0, node.start));
  const close = /^\s*\)/.exec(page.text.slice(node.end));
  const parent = page.parentOf(node);
  return open && close && parent?.type === "MemberExpression"
    ? [node.start - open[0].length, node.end + close[0].length]
    : [node.start, node.end];
}

/** `let name: Type | undefined;` above the statement of the top level that a node stands in. */
function declare(page: Page, node: Node, name: string, type: string | undefined): Edit {
  const outer = page.pathTo(node)[1] ?? node;
  const { semicolon } = page.style;
  const annotation = page.isTypeScript && type !== undefined ? `: ${type} | undefined` : "";
  return page.insert(aboveComments(page, outer), `let ${name}${annotation}${semicolon}\n\n`);
}

/** Start of the comments that stand right above a statement, or of the statement. */
function aboveComments(page: Page, statement: Node): number {
  let { start } = statement;
  for (;;) {
    const above = page.comments.find(
      (c) =>
        c.end <= start &&
        /^[ \t]*\r?\n[ \t]*$/.test(page.text.slice(c.end, start)) &&
        page.isFirstOnLine(c.start),
    );
    if (!above) return start;
    start = above.start;
  }
}

/** How TypeScript names what a declaration holds. */
function typeOf(page: Page, declarator: Node | undefined, init: Node): string | undefined {
  const written = child(child(child(declarator, "id"), "typeAnnotation"), "typeAnnotation");
  if (written) return page.textOf(written).replace(/\s*\|\s*(undefined|null)$/, "");
  let made = init;
  while (/^(TSAsExpression|TSNonNullExpression|AwaitExpression)$/.test(made.type))
    made = child(made, "expression") ?? child(made, "argument") ?? made;
  const callee = child(made, "callee");
  if (!callee) return undefined;
  if (made.type === "NewExpression")
    return /^[\w$.]+$/.test(page.textOf(callee)) ? page.textOf(callee) : undefined;
  const isPlain = made.type === "CallExpression" && /^[\w$.]+$/.test(page.textOf(callee)) && init === made;
  return isPlain ? `ReturnType<typeof ${page.textOf(callee)}>` : undefined;
}

const siblingsAt = (page: Page, node: Node): Node[] | undefined => statementsOf(page.parentOf(node));

const isExported = (page: Page, declaration: Node): boolean =>
  page.parentOf(declaration)?.type === "ExportNamedDeclaration";

/** Another function of the file uses the same name for a thing of the top level or of the world. */
function shadows(page: Page, bind: Binding, declaration: Node): boolean {
  const home = page.functionOf(declaration);
  const named = [...page.nodes()].filter((n) => n.type === "Identifier" && n.name === bind.name);
  const owners = named.flatMap((n) => {
    const declarator = page.parentOf(n);
    const isDeclared = declarator?.type === "VariableDeclarator" && child(declarator, "id") === n;
    return isDeclared ? [page.functionOf(n)] : [];
  });
  return named.some((node) => {
    const parent = page.parentOf(node);
    if (parent?.type === "Property" || parent?.type === "MemberExpression") return false;
    if (home === undefined || within(node, home)) return false;
    return !owners.some((owner) => owner && within(node, owner));
  });
}

const within = (inner: Node, outer: Node): boolean => outer.start <= inner.start && inner.end <= outer.end;

const identifierAt = (page: Page, start: number): Node | undefined =>
  [...page.nodes()].find((n) => n.type === "Identifier" && n.start === start);

/** A name for a handle that the file does not use yet, after what it is. */
function freeName(page: Page, cls: SdkClass, used: Set<string>): string {
  const taken = takenNames(page);
  const base = cls.name.replace(/^.*[.#]/, "");
  const own = base.charAt(0).toLowerCase() + base.slice(1);
  const byPart: Record<string, string[]> = {
    sdk: ["sdk", "telemetrySdk"],
    provider: [/^(Meter|Logger)/.test(base) ? own : "provider", "tracerProvider"],
    client: ["client", "telemetryClient"],
  };
  const choices = [...(byPart[cls.facts.part ?? ""] ?? []), own, `${own}Handle`, "telemetryHandle"];
  return choices.find((name) => !taken.has(name) && !used.has(name)) ?? `${own}ToClose`;
}
