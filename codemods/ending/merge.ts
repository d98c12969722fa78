import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Call, Fn, Module, Span } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { asyncEdits } from "../edit/async.js";
import { insertBefore } from "../edit/insert.js";
import { child, nameOf } from "../edit/source.js";
import { siteOf } from "../exit/site.js";
import type { Closing } from "./closing.js";
import { isFunctionNode, statementsOf, type Page } from "./page.js";
import type { SignalListener } from "./signals.js";

/** What the listeners of a file come to: they close telemetry themselves, or some of them cannot be made to. */
export interface Merged {
  edits: Edit[];
  /** Listeners that only start a drain and leave the end to the empty event loop, or that cannot be rewritten simply. */
  left: SignalListener[];
}

/** Lets each signal listener of the file await the closing: before it exits, or as the last thing it does. */
export function mergeInto(
  page: Page,
  listeners: SignalListener[],
  closing: Closing,
  project: Project,
  module: Module,
): Merged {
  const edits: Edit[] = [];
  const left: SignalListener[] = [];
  const seen = new Set<Fn>();
  for (const listener of listeners) {
    const { fn } = listener;
    if (fn && seen.has(fn)) continue;
    const made = fn?.module === module ? intoListener(page, fn, closing, project) : undefined;
    if (fn) seen.add(fn);
    if (made) edits.push(...made);
    else left.push(listener);
  }
  return { edits, left };
}

function intoListener(page: Page, fn: Fn, closing: Closing, project: Project): Edit[] | undefined {
  const exits = fn.module.calls.filter(
    ({ call }) => inside(call.at, fn.at) && isExit(project, call, fn.module),
  );
  const wait = `await ${closing.text}${closing.rejects ? ".catch(console.error)" : ""}`;
  if (exits.length === 0) return fn.async ? atTheEnd(page, fn, wait + page.style.semicolon) : undefined;
  const edits: Edit[] = [];
  for (const { call } of exits) {
    const node = page.callAt(call.at);
    if (!node) return undefined;
    if (isDeadline(page, node)) continue;
    const more = beforeExit(page, node, fn, wait);
    if (!more) return undefined;
    edits.push(
      ...more.filter(
        (e) =>
          !edits.some((known) => known.start === e.start && known.end === e.end && known.text === e.text),
      ),
    );
  }
  return edits.length > 0 ? edits : undefined;
}

const inside = (inner: Span, outer: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];

const isExit = (project: Project, call: Call, module: Module): boolean =>
  [call.callee, ...call.args].some(
    (e) => (e.k === "mem" || e.k === "id") && project.values.of(e, module).some((v) => v.v === "exit"),
  );

/** The listener drains and lets the process end: closing is the last thing it waits for. */
function atTheEnd(page: Page, fn: Fn, wait: string): Edit[] | undefined {
  const body = child(functionAt(page, fn), "body");
  const last = statementsOf(body)?.at(-1);
  if (!body || !last || last.type === "ReturnStatement" || last.type === "ThrowStatement") return undefined;
  const close = page.lineStart(body.end - 1);
  if (!page.isFirstOnLine(last.start) || close <= last.start || !page.isFirstOnLine(body.end - 1))
    return undefined;
  return [page.insert(close, `${page.indentAt(last.start)}${wait}\n`)];
}

const functionAt = (page: Page, fn: Fn): Node | undefined =>
  page.pathTo(page.around(fn.at)).findLast(isFunctionNode);

/** Waits in front of an exit, in the listener or in a callback of its own. */
function beforeExit(page: Page, node: Node, listener: Fn, wait: string): Edit[] | undefined {
  const site = siteOf(page, node);
  if (!site?.fn) return undefined;
  const isCallback = page.parentOf(site.fn)?.type === "CallExpression";
  if (site.fn.async !== true && !isCallback && site.fn !== functionAt(page, listener)) return undefined;
  const becomesAsync = asyncEdits(page, site.fn);
  return becomesAsync && [...becomesAsync, ...insertBefore(site, wait)];
}

/** The exit of a timer that ends a shutdown which takes too long. */
function isDeadline(page: Page, exit: Node): boolean {
  let inner = exit;
  for (const node of page.ancestors(exit)) {
    if (
      node.type === "CallExpression" &&
      nameOf(child(node, "callee")) === "setTimeout" &&
      isFunctionNode(inner)
    )
      return true;
    inner = node;
  }
  return false;
}
