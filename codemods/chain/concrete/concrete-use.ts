import type { Edit } from "../../../src/finding.js";
import type { Span } from "../../../src/syntax/ir.js";
import type { Node } from "../../../src/syntax/parse.js";
import { withParentheses } from "../../edit/insert.js";
import { child, nameOf, openSource, type Source } from "../../edit/source.js";
import { freeName } from "../../edit/free-name.js";
import type { ChainRepair } from "../../edit/repair.js";

/**
 * Keeps what was wrapped under a name of its own, and uses that at the one place that needs it.
 * `parts`: the construction of what was wrapped, then every place that has to use it.
 */
export const repairConcreteUse: ChainRepair = ({ fn, parts = [] }, project) => {
  const [made, ...uses] = parts;
  const source = openSource(project, fn.module.file);
  const node = made && source?.at(made.at, "NewExpression");
  if (!source || !node || uses.length === 0) return undefined;
  const kept = keptAlready(source, node) ?? keptInField(source, node) ?? keptBefore(source, node);
  if (!kept || !uses.every((use) => isIn(kept.scope, use.at) && use.at[0] > kept.from)) return undefined;
  const edits = uses.map((use) => used(source, use.at, kept.name));
  return {
    level: "review",
    title: `Use the ${className(node) ?? "value"} that was wrapped`,
    edits: [...kept.edits, ...edits],
  };
};

/** What holds the value from then on: how it is named, where that name is known, and the edits that see to it. */
interface Kept {
  name: string;
  scope: Node;
  from: number;
  edits: Edit[];
}

const isIn = (scope: Node, [start, end]: Span): boolean => scope.start <= start && end <= scope.end;

const className = (made: Node): string | undefined => {
  const callee = child(made, "callee");
  return nameOf(callee?.type === "MemberExpression" ? child(callee, "property") : callee);
};

/** `const local = new LocalChannel()`: it has a constant of its own. */
function keptAlready(source: Source, made: Node): Kept | undefined {
  const declarator = source.parentOf(made);
  const declaration = declarator && source.parentOf(declarator);
  const name = nameOf(child(declarator, "id"));
  const scope = declaration && blockAround(source, declaration);
  if (declaration?.kind !== "const" || name === undefined || !scope) return undefined;
  return { name, scope, from: declaration.end, edits: [] };
}

/** The field of a class that begins with it gets it from a field of its own. */
function keptInField(source: Source, made: Node): Kept | undefined {
  const field = source.parentOf(made);
  const scope = field && source.parentOf(field);
  if (field?.type !== "PropertyDefinition" || !scope || field.static === true) return undefined;
  const name = nameFor(source, made);
  if (name === undefined || !source.isFirstOnLine(field.start)) return undefined;
  const modifiers = source.isTypeScript ? "private readonly " : "";
  const { semicolon } = source.style;
  const line = `${modifiers}${name} = ${source.textOf(made)}${semicolon}\n${source.indentAt(field.start)}`;
  const edits = [source.insert(field.start, line), source.replace(made.start, made.end, `this.${name}`)];
  return { name: `this.${name}`, scope, from: scope.start, edits };
}

const PASSES =
  /^(CallExpression|NewExpression|VariableDeclarator|AwaitExpression|TS\w+Expression|TSTypeAssertion)$/;

/** The statement that makes it gets it from a constant before. */
function keptBefore(source: Source, made: Node): Kept | undefined {
  let statement: Node | undefined = source.parentOf(made);
  while (statement && PASSES.test(statement.type)) statement = source.parentOf(statement);
  if (statement?.type !== "VariableDeclaration") return undefined;
  const up = source.parentOf(statement);
  if (up?.type === "ExportNamedDeclaration") statement = up;
  const scope = blockAround(source, statement);
  const name = nameFor(source, made);
  if (!scope || name === undefined || !source.isFirstOnLine(statement.start)) return undefined;
  const line = `const ${name} = ${source.textOf(made)}${source.style.semicolon}\n${source.indentAt(statement.start)}`;
  const edits = [source.insert(statement.start, line), source.replace(made.start, made.end, name)];
  return { name, scope, from: statement.end, edits };
}

/** The list of statements that a statement stands in. */
function blockAround(source: Source, statement: Node): Node | undefined {
  const up = source.parentOf(statement);
  return up && /^(Program|BlockStatement)$/.test(up.type) ? up : undefined;
}

function nameFor(source: Source, made: Node): string | undefined {
  const name = className(made) ?? "channel";
  const own = name.charAt(0).toLowerCase() + name.slice(1);
  return freeName(source.text, own, `raw${name}`, `unwrapped${name}`);
}

const CASTS = /^TS(As|Satisfies|NonNull)Expression$|^TSTypeAssertion$/;

/** The use, without the cast that it no longer needs. */
function used(source: Source, at: Span, name: string): Edit {
  let node = source.at(at, "Identifier", "MemberExpression", "CallExpression");
  for (let up = node && source.parentOf(node); up && CASTS.test(up.type); up = source.parentOf(up)) node = up;
  const up = node && source.parentOf(node);
  const isObject = node && up?.type === "MemberExpression" && child(up, "object") === node;
  const [start, end] = node ? (isObject ? withParentheses(source, node, up) : [node.start, node.end]) : at;
  return source.replace(start, end, name);
}
