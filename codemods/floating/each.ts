import type { Edit, Repair } from "../../src/finding.js";
import type { Hit } from "../../src/flow/world.js";
import type { FloatingFlush } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { asyncEdits } from "../edit/async.js";
import { calledName, child, isFunction, list, nameOf, type Source } from "../edit/source.js";
import { awaitableEdits, outcomeOf } from "./awaitable.js";
import { calledAt, type Called } from "./called.js";
import { placeOf } from "./place.js";
import { waitFor, within } from "./waiting.js";

/**
 * `list.forEach((c) => c.flush())` becomes `await Promise.all(list.map((c) => c.flush()))`, with `allSettled` where one failure
 * must not keep the others from being waited for.
 * @param node the call of `forEach`, or of a `map` whose promises nobody collects, or the flush in the callback
 */
export function waitForEach(
  project: Project,
  source: Source,
  node: Node,
  { ending, flush }: FloatingFlush,
): Repair | undefined {
  const loop = loopAround(source, node);
  const callee = child(loop, "callee");
  const property = child(callee, "property");
  const receiver = child(callee, "object");
  const callback = list(loop, "arguments")[0];
  if (!loop || !property || !receiver || !callback) return undefined;
  const inner = intoPromise(project, source, callback, flush);
  const waiting = inner && waitFor({ project, ending, seen: new Set() }, source, loop);
  if (!inner || !waiting) return undefined;
  const optional = callee?.optional === true;
  const list_ = iterated(source, receiver);
  const edits = [
    source.insert(loop.start, `Promise.${inner.rejects ? "allSettled" : "all"}(`),
    ...(list_ === undefined ? [] : [source.replace(receiver.start, receiver.end, list_)]),
    ...(nameOf(property) === "map" ? [] : [source.replace(property.start, property.end, "map")]),
    ...inner.edits,
    source.insert(loop.end, optional ? " ?? [])" : ")"),
  ];
  return {
    level: "review",
    title: "Wait for all of them",
    edits: within(loop, waiting.edits, edits),
  };
}

function loopAround(source: Source, node: Node): Node | undefined {
  const isLoop = (n: Node): boolean =>
    n.type === "CallExpression" &&
    child(n, "callee")?.type === "MemberExpression" &&
    /^(forEach|map)$/.test(calledName(n) ?? "");
  return isLoop(node) ? node : [...source.ancestors(node)].find(isLoop);
}

/** A callback that gives the promise of what it flushes. */
function intoPromise(
  project: Project,
  source: Source,
  callback: Node,
  flush: Hit,
): { edits: Edit[]; rejects: boolean } | undefined {
  if (!isFunction(callback)) return callback.type === "Identifier" ? { edits: [], rejects: true } : undefined;
  const flushes = flushesIn(project, source, callback, flush);
  if (flushes.length === 0) return undefined;
  const edits: Edit[] = [];
  let rejects = false;
  for (const called of flushes) {
    const place = placeOf(source, called.node);
    const awaitable = awaitableEdits(project, source, called);
    if (!place || !awaitable) return undefined;
    rejects ||= !place.caught && outcomeOf(project, called).rejects;
    edits.push(...awaitable);
    if (place.is === "given") edits.push(...place.edits);
    if (place.is === "dropped") {
      const given = flushes.length === 1 ? givenInstead(source, callback, place.statement) : undefined;
      const more = given ? [] : asyncEdits(source, callback);
      if (!more || place.fn !== callback) return undefined;
      edits.push(...(given ?? [...more, ...place.edits]));
    }
  }
  return { edits, rejects };
}

function flushesIn(project: Project, source: Source, callback: Node, flush: Hit): Called[] {
  const found: Called[] = [];
  for (const node of source.nodes()) {
    if (node.type !== "CallExpression" || source.functionOf(node) !== callback) continue;
    const called = calledAt(project, source, node, flush);
    if (called?.target ?? called?.fns.some((f) => f.async)) found.push(called);
  }
  return found.sort((a, b) => a.node.start - b.node.start);
}

/** The only statement of a callback as what it gives. */
function givenInstead(source: Source, callback: Node, statement: Node): Edit[] | undefined {
  const body = child(callback, "body");
  if (!body || callback.async === true || list(body, "body").length !== 1) return undefined;
  let expression = child(statement, "expression");
  if (expression?.type === "UnaryExpression" && expression.operator === "void")
    expression = child(expression, "argument");
  if (!expression || source.parentOf(statement) !== body) return undefined;
  if (callback.type !== "ArrowFunctionExpression")
    return [source.replace(statement.start, expression.start, "return ")];
  const between =
    source.text.slice(body.start + 1, expression.start) + source.text.slice(statement.end, body.end);
  if (/\/[/*]/.test(between)) return [source.replace(statement.start, expression.start, "return ")];
  return [source.replace(body.start, expression.start, ""), source.replace(expression.end, body.end, "")];
}

/** How to have the members of something that only knows `forEach` in a list; undefined for a list. */
function iterated(source: Source, receiver: Node): string | undefined {
  const text = source.textOf(receiver);
  if (/(?<!Object)\.(values|keys|entries)\(\)$/.test(text)) return `[...${text}]`;
  const name = /([#\w$]+)$/.exec(text)?.[1];
  if (name === undefined) return undefined;
  const declared = new RegExp(
    `(?<![\\w$])${name.replace(/[$#]/g, "\\$&")}\\b[^=;\\n(]*?[:=]\\s*(?:new\\s+)?(?:Readonly)?(Map|Set)\\b`,
  );
  const kind = declared.exec(source.text)?.[1];
  if (kind === undefined) return undefined;
  return kind === "Map" ? `[...${text}.values()]` : `[...${text}]`;
}
