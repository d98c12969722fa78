import type { Edit } from "../../src/finding.js";
import { owners } from "../../src/knowledge/owners.js";
import type { Ending } from "../../src/program/endings.js";
import type { Project } from "../../src/program/project.js";
import type { Call, Fn, Span } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { asyncEdits } from "../edit/async.js";
import { insertBefore } from "../edit/insert.js";
import { child, isFunction, list, nameOf } from "../edit/source.js";
import { isFunctionNode, type Page } from "../ending/page.js";
import { awaiting } from "../exit/awaiting.js";
import { siteOf } from "../exit/site.js";
import { nodeOf } from "../flush/helpers.js";
import { appendTo } from "./append.js";
import type { AnyCloser, CloseCall } from "./closer.js";
import type { Draft } from "./draft.js";

/** What merging needs to know around it. */
export interface Merging {
  project: Project;
  closer: Pick<AnyCloser, "callIn" | "sharedCallIn">;
  /** A statement to end with, for listeners that do not end the process themselves. */
  finally?: string;
  draft: Draft;
  open: (file: string) => Page | undefined;
}

/** What became of a listener: it closes telemetry now, it leaves the end to the empty event loop, or it cannot be changed. */
export type Merged = "closes" | "natural" | "fixed";

/** Lets an ending close telemetry last: before its exits, behind what it drains, or as the last thing it does. */
export function mergeInto(ending: Ending, merging: Merging): Merged {
  const exits = exitsOf(ending, merging);
  if (exits.length > 0) return exits.every((exit) => beforeExit(exit, ending, merging)) ? "closes" : "fixed";
  for (const fn of ending.listeners) {
    const done = isAwaited(ending)
      ? atTheEnd(fn, ending, merging)
      : behindDrain(fn, ending, merging) || atTheEnd(fn, ending, merging);
    if (!done) return isAwaited(ending) ? "fixed" : "natural";
  }
  return ending.listeners.length > 0 ? "closes" : "fixed";
}

/** Libraries that only a callback tells of the end. */
export const TOLD = new Set(owners.filter((o) => o.waits === "callback").map((o) => o.name));

/** Somebody waits for what the callback returns. */
const isAwaited = ({ kind }: Ending): boolean => kind === "owner" || kind === "hook";

interface Exit {
  page: Page;
  node: Node;
}

/** The exits of an ending, without those that force the end when a signal comes twice or the time is over. */
function exitsOf({ reached }: Ending, { project, open }: Merging): Exit[] {
  const seen = new Set<Call>();
  return reached.flatMap(({ call, fn, inTimer }) => {
    const isExit = project.values.of(call.callee, fn.module).some((v) => v.v === "exit");
    if (inTimer || !isExit || seen.has(call)) return [];
    seen.add(call);
    const page = open(fn.module.file);
    const node = page?.callAt(call.at);
    return page && node && !isForced(page, node) ? [{ page, node }] : [];
  });
}

/** `if (stopping) process.exit(1)`: somebody asked a second time. */
function isForced(page: Page, exit: Node): boolean {
  let inner = exit;
  for (const up of page.ancestors(exit)) {
    if (isFunction(up)) return false;
    const test =
      up.type === "IfStatement" && child(up, "consequent") === inner ? child(up, "test") : undefined;
    if (test && AGAIN.test(page.textOf(test))) return true;
    inner = up;
  }
  return false;
}

const AGAIN =
  /shutting|stopping|closing|exiting|terminating|draining|in_?progress|already|second|force|calls?\b|count|attempts?|\+\+/i;

function beforeExit({ page, node }: Exit, ending: Ending, { project, closer, draft }: Merging): boolean {
  const site = siteOf(page, node);
  if (!site?.fn) return false;
  const able = abilityOf(page, site.fn, ending, project);
  const close = able && closer.callIn(page);
  if (!able || !close) return false;
  draft.add(able);
  draft.add(insertBefore(site, `await ${close.awaited}`));
  return true;
}

/** The edits by which a function can wait: a listener is nobody's but the process's. */
function abilityOf(page: Page, fn: Node, ending: Ending, project: Project): Edit[] | undefined {
  if (fn.async === true) return [];
  const own = ending.listeners.some((l) => l.module.file === page.file && nodeOf(page, l) === fn);
  const known = awaiting(project, page, fn)?.edits;
  if (known) return known;
  const isCallback = page.parentOf(fn)?.type === "CallExpression";
  return own || isCallback ? asyncEdits(page, fn) : undefined;
}

/** An async listener without an exit closes as the last thing it does. */
function atTheEnd(fn: Fn, ending: Ending, { closer, draft, open, ...merging }: Merging): boolean {
  const page = open(fn.module.file);
  const node = page && nodeOf(page, fn);
  if (!page || !node || !ending.listeners.includes(fn)) return false;
  if (node.async !== true && !isAwaited(ending)) return false;
  // a second parameter is a callback, by which the library is told of the end
  if (isAwaited(ending) && ((node.params as Node[]).length > 1 || TOLD.has(ending.owner ?? ""))) return false;
  const close = closer.callIn(page);
  const edits = close && appendTo(page, node, lastSteps(close, merging));
  const becomesAsync = asyncEdits(page, node);
  if (!edits || !becomesAsync) return false;
  draft.add([...becomesAsync, ...edits]);
  return true;
}

/** A listener that only starts a drain closes in the drain's callback, or once its promise has settled. */
function behindDrain(fn: Fn, ending: Ending, { closer, draft, open, ...merging }: Merging): boolean {
  const own = ending.drains.filter((d) => d.fn.module === fn.module);
  // what a drain's own callback does beside is part of it
  const drain = own.findLast((d) => !own.some((o) => o !== d && isWithin(d.call.at, o.call.at)));
  const page = drain && open(drain.fn.module.file);
  const node = drain && page?.callAt(drain.call.at);
  const home = node && page?.functionOf(node);
  if (!page || !node || !home || home.async === true) return false;
  const args = list(node, "arguments");
  const callback = args.findLast(isFunctionNode);
  if (callback) {
    const close = closer.callIn(page);
    const edits = close && appendTo(page, callback, lastSteps(close, merging));
    const becomesAsync = asyncEdits(page, callback);
    if (!edits || !becomesAsync) return false;
    draft.add([...becomesAsync, ...edits]);
    return true;
  }
  if (args.length > 0 && !args.every((a) => a.type === "ObjectExpression")) return false;
  const holder = page.parentOf(node);
  const callee = child(node, "callee");
  const method = nameOf(child(callee, "property"));
  if (
    !holder ||
    (holder.type !== "ExpressionStatement" && !isFunction(holder) && holder.type !== "UnaryExpression")
  )
    return chained(page, node, drain.producer, { closer, draft, ...merging });
  if (CALLBACK_PRODUCERS.test(drain.producer) && (method === "close" || method === "tryShutdown")) {
    const close = closer.sharedCallIn(page);
    if (!close || args.length > 0) return false;
    draft.add([page.insert(node.end - 1, callbackOf(page, node, lastSteps(close, merging)))]);
    return true;
  }
  return chained(page, node, drain.producer, { closer, draft, ...merging });
}

/** What is done last: the close, and what ends the process then. */
const lastSteps = (close: CloseCall, { finally: end }: Pick<Merging, "finally">): string[] => [
  `await ${close.awaited}`,
  ...(end === undefined ? [] : [end]),
];

function callbackOf(page: Page, call: Node, steps: readonly string[]): string {
  const { semicolon, indent } = page.style;
  const outer = page.indentAt(call.start);
  return `async () => {\n${steps.map((s) => `${outer}${indent}${s}${semicolon}\n`).join("")}${outer}}`;
}

const isWithin = (inner: Span, outer: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];

/** Servers whose `close` tells its end to a callback. */
const CALLBACK_PRODUCERS = /http|express|koa|grpc|websocket|\bws\b|socket|net|connect/i;

/** `app.close()` gives a promise: what is chained to it goes on, and telemetry closes behind. */
function chained(
  page: Page,
  drain: Node,
  producer: string,
  { closer, draft, finally: end }: Omit<Merging, "open" | "project">,
): boolean {
  if (CALLBACK_PRODUCERS.test(producer) || end !== undefined) return false;
  let top = drain;
  for (
    let up = page.parentOf(top);
    up && /^(MemberExpression|CallExpression)$/.test(up.type);
    up = page.parentOf(top)
  ) {
    if (up.type === "CallExpression" && child(up, "callee") !== top) return false;
    top = up;
  }
  const close = closer.callIn(page);
  if (!close) return false;
  draft.add([page.insert(top.end, `.finally(() => ${close.awaited})`)]);
  return true;
}
