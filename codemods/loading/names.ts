import { child, isFunction, list, type Source } from "../edit/source.js";
import type { Node } from "../../src/syntax/parse.js";

/** The names that a pattern binds. */
function patternNames(node: Node | undefined): string[] {
  if (!node) return [];
  switch (node.type) {
    case "Identifier":
      return [node.name as string];
    case "ObjectPattern":
      return list(node, "properties").flatMap((p) => patternNames(child(p, "value") ?? child(p, "argument")));
    case "ArrayPattern":
      return list(node, "elements").flatMap(patternNames);
    case "AssignmentPattern":
      return patternNames(child(node, "left"));
    case "RestElement":
      return patternNames(child(node, "argument"));
    case "TSParameterProperty":
      return patternNames(child(node, "parameter"));
    default:
      return [];
  }
}

/** The declaration in a statement: `export const a = 1` is one too. */
export const declarationIn = (statement: Node): Node =>
  statement.type === "ExportNamedDeclaration" ? (child(statement, "declaration") ?? statement) : statement;

/** The names that a statement declares where it stands. */
export function declaredBy(statement: Node): string[] {
  const own = declarationIn(statement);
  if (own.type === "ImportDeclaration")
    return list(own, "specifiers").flatMap((s) => patternNames(child(s, "local")));
  if (own.type === "VariableDeclaration")
    return list(own, "declarations").flatMap((d) => patternNames(child(d, "id")));
  return /Declaration$/.test(own.type) ? patternNames(child(own, "id")) : [];
}

/** Names that a statement reads, writes or names as types, as far as they come from outside of it. */
export function namesIn(source: Source, within: Node, without: readonly Node[] = []): Set<string> {
  const names = new Set<string>();
  for (const node of source.nodes()) {
    if (node.type !== "Identifier" && node.type !== "JSXIdentifier") continue;
    if (!isInside(node, within) || without.some((w) => isInside(node, w))) continue;
    const name = node.name as string;
    if (isReference(source, node) && !isOwn(source, node, name, within, without)) names.add(name);
  }
  return names;
}

export const isInside = (node: Node, outer: Node): boolean =>
  outer.start <= node.start && node.end <= outer.end;

const KEYED =
  /^(Property|MethodDefinition|PropertyDefinition|AccessorProperty|TSPropertySignature|TSMethodSignature|TSEnumMember)$/;

function isReference(source: Source, node: Node): boolean {
  const parent = source.parentOf(node);
  if (!parent) return false;
  if (parent.type === "MemberExpression") return child(parent, "object") === node || parent.computed === true;
  if (KEYED.test(parent.type) && (child(parent, "key") ?? child(parent, "id")) === node)
    return parent.computed === true;
  if (parent.type === "TSQualifiedName") return child(parent, "left") === node;
  if (parent.type === "ExportSpecifier") return child(parent, "local") === node;
  return !/^(LabeledStatement|BreakStatement|ContinueStatement|MetaProperty|Import\w*Specifier)$/.test(
    parent.type,
  );
}

/** Something between the name and the outer node declares it. */
function isOwn(source: Source, node: Node, name: string, within: Node, without: readonly Node[]): boolean {
  for (const up of source.ancestors(node)) {
    if (!isInside(up, within) || up.type === "Program") return false;
    if (isFunction(up)) {
      if (list(up, "params").some((p) => patternNames(p).includes(name))) return true;
      if (up.type === "FunctionExpression" && patternNames(child(up, "id")).includes(name)) return true;
    }
    if (up.type === "CatchClause" && patternNames(child(up, "param")).includes(name)) return true;
    const statements = [...list(up, "body"), child(up, "init"), child(up, "left")].filter(
      (s): s is Node => s !== undefined && !without.includes(s),
    );
    if (up.type !== "ClassBody" && statements.some((s) => declaredBy(s).includes(name))) return true;
  }
  return false;
}

/** What stands in a node itself, and not in a function of its own. */
export function* ownNodes(source: Source, within: Node): Generator<Node> {
  for (const node of source.nodes()) {
    if (!isInside(node, within)) continue;
    let at: Node | undefined = source.parentOf(node);
    if (node === within) at = undefined;
    while (at && at !== within && !isFunction(at)) at = source.parentOf(at);
    if (!at || at === within) yield node;
  }
}
