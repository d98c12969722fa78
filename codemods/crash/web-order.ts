import type { Node } from "../../src/syntax/parse.js";
import { child, list, nameOf, type Source } from "../edit/source.js";
import { siblingsOf } from "../exit/site.js";
import type { Mended } from "./runner-catch.js";
import { openAt, type Scene } from "./scene.js";
import { isErrorMiddleware, isRoute, usesIn } from "./web-app.js";

/**
 * Moves the hook of an SDK to where it is told of all errors: behind the last route and in front of other error middlewares, or in
 * front of all that it has to stand around. Comments right above move along.
 */
export function moveHook(scene: Scene): Mended | undefined {
  const { details } = scene;
  const opened = openAt(scene, details.fn);
  const call = details.call && opened?.source.at(details.call.at, "CallExpression");
  if (!opened || !call) return undefined;
  const { source } = opened;
  const app = appOfCall(source, call);
  const statement = statementOf(source, call);
  const siblings = statement && siblingsOf(source, statement);
  if (app === undefined || !statement || !siblings) return undefined;
  const around = /^(koa|hono) app$/.test(details.runner ?? "");
  const to = around
    ? firstUse(source, siblings, statement, app)
    : behindRoutes(source, siblings, statement, app);
  if (!to || isThere(siblings, statement, to) || !isFree(source, siblings, statement, to)) return undefined;
  const cut = withComments(source, statement);
  if (!cut) return undefined;
  const text = source.text.slice(cut.start, cut.end);
  const removed = source.replace(cut.lineStart, cut.lineEnd, "");
  const indent = source.indentAt(to.node.start);
  const gap = source.textOf(to.node).includes("\n") ? "\n\n" : "\n";
  const added = to.behind
    ? source.insert(to.node.end, `${gap}${indent}${text}`)
    : source.insert(to.node.start, `${text}\n${indent}`);
  return { safe: false, edits: [removed, added] };
}

/** What the hook is put into: `setup(app)`, `app.use(hook())`. */
function appOfCall(source: Source, call: Node): string | undefined {
  const callee = child(call, "callee");
  const object = child(callee, "object");
  const isUse = nameOf(child(callee, "property")) === "use";
  const [first] = list(call, "arguments");
  const app = isUse ? object : first;
  return app && /^(this\.)?[\w$]+$/.test(source.textOf(app)) ? source.textOf(app) : undefined;
}

/** The statement that a call is, with the conditions that are about it alone. */
function statementOf(source: Source, call: Node): Node | undefined {
  let node = source.parentOf(call);
  if (node?.type === "AwaitExpression") node = source.parentOf(node);
  if (node?.type !== "ExpressionStatement") return undefined;
  for (;;) {
    const up: Node | undefined = source.parentOf(node);
    const block: Node | undefined =
      up?.type === "BlockStatement" && list(up, "body").length === 1 ? source.parentOf(up) : up;
    if (block?.type !== "IfStatement" || child(block, "alternate")) return node;
    node = block;
  }
}

interface Target {
  node: Node;
  behind: boolean;
}

/** Behind the last route, where no error middleware stands in front of that. */
function behindRoutes(source: Source, siblings: Node[], hook: Node, app: string): Target | undefined {
  const others = siblings.filter((s) => s !== hook);
  const route = others.findLast((s) => isRoute(source, s, app));
  if (!route) return undefined;
  const before = others.slice(0, others.indexOf(route));
  const isEnded = before.some((s) => usesIn(source, s, app).some((c) => isErrorMiddleware(source, c)));
  return isEnded ? undefined : { node: route, behind: true };
}

function firstUse(source: Source, siblings: Node[], hook: Node, app: string): Target | undefined {
  const first = siblings.find((s) => s !== hook && isRoute(source, s, app));
  return first && source.isFirstOnLine(first.start) ? { node: first, behind: false } : undefined;
}

/** It stands there already: its routes are somewhere else. */
const isThere = (siblings: Node[], hook: Node, { node, behind }: Target): boolean =>
  siblings.indexOf(hook) === siblings.indexOf(node) + (behind ? 1 : -1);

/** Nothing that the statement uses is declared between its old and its new place. */
function isFree(source: Source, siblings: Node[], hook: Node, { node }: Target): boolean {
  const [from, to] = [siblings.indexOf(node), siblings.indexOf(hook)];
  if (from > to) return true;
  const names = new Set(
    [...source.nodes()].flatMap((n) =>
      n.type === "Identifier" && hook.start <= n.start && n.end <= hook.end ? [n.name as string] : [],
    ),
  );
  return !siblings
    .slice(from, to)
    .filter((s) => /Declaration$/.test(s.type) && s.type !== "FunctionDeclaration")
    .some((s) =>
      [...names].some((name) => new RegExp(`\\b${name}\\b`).test(source.textOf(s).split("=", 1)[0] ?? "")),
    );
}

/** A statement with the comments right above it, and the lines that it takes. */
function withComments(
  source: Source,
  statement: Node,
): { start: number; end: number; lineStart: number; lineEnd: number } | undefined {
  const { text } = source;
  if (!source.isFirstOnLine(statement.start)) return undefined;
  let lineStart = source.lineStart(statement.start);
  while (lineStart > 0) {
    const above = source.lineStart(lineStart - 1);
    const line = text.slice(above, lineStart);
    if (!/^\s*(\/\/|\/\*.*\*\/\s*$)/.test(line)) break;
    lineStart = above;
  }
  const rest = /^[^\n]*/.exec(text.slice(statement.end))?.[0] ?? "";
  if (rest.trim() !== "" && !rest.trim().startsWith("//")) return undefined;
  const end = statement.end + rest.trimEnd().length;
  let lineEnd = statement.end + rest.length + 1;
  // no two empty lines where it stood
  const isGap = /\n[ \t]*\n$/.test(text.slice(0, lineStart)) && /^[ \t]*\n/.test(text.slice(lineEnd));
  if (isGap) lineEnd += /^[ \t]*\n/.exec(text.slice(lineEnd))?.[0].length ?? 0;
  const start = lineStart + source.indentAt(lineStart).length;
  return { start, end, lineStart, lineEnd: Math.min(lineEnd, text.length) };
}
