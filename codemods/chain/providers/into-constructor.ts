import type { Edit, Repair } from "../../../src/finding.js";
import type { ChainBreak } from "../../../src/program/details.js";
import type { Project } from "../../../src/program/project.js";
import type { Node } from "../../../src/syntax/parse.js";
import { child, childrenOf, list, nameOf, openSource, type Source } from "../../edit/source.js";
import { type Handing, withOption } from "./constructor-option.js";

/**
 * What is handed to a provider after its construction goes into the constructor: where both stand in one block, and nothing between
 * them has to do with the provider. What is made between them has to be made before: the construction moves down then.
 */
export function intoConstructor(broken: ChainBreak, option: string, project: Project): Repair | undefined {
  const { fn, parts = [] } = broken;
  const source = openSource(project, fn.module.file);
  const members = parts.map(({ at }) => source?.at(at, "MemberExpression"));
  const handings = members.map((member) => source && handingOf(source, member));
  if (!source || !handings.every((h) => h !== undefined)) return undefined;
  const [first] = handings;
  const last = handings.at(-1);
  const receiver = child(members[0], "object");
  const block = first && blockOf(source, first.statement);
  if (!last || !receiver || !block || handings.some((h) => blockOf(source, h.statement) !== block))
    return undefined;
  const name = source.textOf(withoutCasts(receiver));
  const statements = list(block, "body");
  const made = statements
    .slice(0, statements.indexOf(first.statement))
    .findLast((s) => constructionIn(source, s, name));
  const construction = made && constructionIn(source, made, name);
  if (!construction) return undefined;
  const between = statements
    .slice(statements.indexOf(made) + 1, statements.indexOf(last.statement))
    .filter((s) => !handings.some((h) => h.statement === s));
  if (between.some((s) => mentions(source, s, name))) return undefined;
  const config = withOption(source, construction, option, handings);
  if (!config) return undefined;
  const title = `Hand it to the constructor as \`${option}\``;
  const locals = between.flatMap(declaredBy);
  if (!handings.some((h) => locals.some((d) => mentions(source, h.given, d)))) {
    const edits = [config, ...handings.map((h) => withoutLines(source, h.statement))];
    return { level: "review", title, edits };
  }
  const { text } = source;
  const moved = text.slice(made.start, config.start) + config.text + text.slice(config.end, made.end);
  const gone = [made, ...handings.slice(0, -1).map((h) => h.statement)];
  return {
    level: "review",
    title,
    edits: [
      ...gone.map((statement) => withoutLines(source, statement)),
      source.replace(last.statement.start, last.statement.end, moved),
    ],
  };
}

const CASTS = new Set(["TSAsExpression", "TSTypeAssertion", "TSNonNullExpression", "TSSatisfiesExpression"]);

function withoutCasts(node: Node): Node {
  const inner = CASTS.has(node.type) ? child(node, "expression") : undefined;
  return inner ? withoutCasts(inner) : node;
}

/** `provider.addSpanProcessor(given);` as a statement of its own. */
function handingOf(source: Source, member: Node | undefined): Handing | undefined {
  const call = member && source.parentOf(member);
  const statement = call && source.parentOf(call);
  const [given, ...others] = list(call, "arguments");
  if (call?.type !== "CallExpression" || child(call, "callee") !== member || !given || others.length > 0)
    return undefined;
  return statement?.type === "ExpressionStatement" && given.type !== "SpreadElement"
    ? { statement, given }
    : undefined;
}

/** The block that a statement stands in. */
function blockOf(source: Source, statement: Node): Node | undefined {
  const block = source.parentOf(statement);
  return list(block, "body").includes(statement) ? block : undefined;
}

/** `const name = new Provider(...)`, `name = new Provider(...)` */
function constructionIn(source: Source, statement: Node, name: string): Node | undefined {
  const [declared, ...others] = list(child(statement, "declaration") ?? statement, "declarations");
  const set = statement.type === "ExpressionStatement" ? child(statement, "expression") : undefined;
  const [to, value] = declared
    ? [nameOf(child(declared, "id")), child(declared, "init")]
    : set?.type === "AssignmentExpression"
      ? [source.textOf(child(set, "left") ?? set), child(set, "right")]
      : [];
  const made = value && withoutCasts(value);
  return made?.type === "NewExpression" && to === name && others.length === 0 ? made : undefined;
}

/** The names that a statement declares. */
const declaredBy = (statement: Node): string[] =>
  [
    nameOf(child(statement, "id")),
    ...list(statement, "declarations").flatMap((d) => namesIn(child(d, "id"))),
  ].filter((name) => name !== undefined);

const namesIn = (pattern: Node | undefined): string[] => {
  if (!pattern) return [];
  if (pattern.type === "Identifier") return [nameOf(pattern) ?? ""];
  return childrenOf(pattern).flatMap(namesIn);
};

/** Whether a variable, or a member such as `this.provider`, is spoken of in a piece of code. */
function mentions(source: Source, node: Node, name: string): boolean {
  const isIt = node.type === "Identifier" || node.type === "MemberExpression";
  return (isIt && source.textOf(node) === name) || childrenOf(node).some((c) => mentions(source, c, name));
}

/** A statement goes with its lines, and with the empty line before it where one follows as well. */
function withoutLines(source: Source, { start, end }: Node): Edit {
  const { text } = source;
  const rest = /^[ \t]*\r?\n/.exec(text.slice(end));
  if (!source.isFirstOnLine(start) || !rest) return source.replace(start, end, "");
  const from = source.lineStart(start);
  const to = end + rest[0].length;
  const blank = /\n[ \t]*\r?\n$/.test(text.slice(0, from)) ? /^[ \t]*\r?\n/.exec(text.slice(to)) : null;
  return source.replace(from, to + (blank?.[0].length ?? 0), "");
}
