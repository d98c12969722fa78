import type { Edit } from "../../src/finding.js";
import type { CompetingShutdown } from "../../src/program/details.js";
import type { Ending } from "../../src/program/endings.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { asyncEdits } from "../edit/async.js";
import { child, list, nameOf } from "../edit/source.js";
import type { Page } from "../ending/page.js";
import { nodeOf } from "../flush/helpers.js";
import { appendTo } from "./append.js";
import type { CloseCall } from "./closer.js";
import { detach } from "./detach.js";
import { Draft } from "./draft.js";
import { TOLD } from "./merge.js";
import { addHook, nestAppOf, rootModuleOf } from "./nest.js";

/**
 * Gives the close of telemetry to the library that ends the process, and takes the listener beside it away.
 * @returns undefined where the library does not listen for the same signals, or nothing can be put into its callbacks
 */
export function leaveToOwner(
  { ending, other }: CompetingShutdown,
  project: Project,
  open: (file: string) => Page | undefined,
): Edit[] | undefined {
  if (!ending || !other) return undefined;
  const draft = new Draft();
  const closer = detach(ending, project, open, draft);
  if (!closer) return undefined;
  const done =
    other.kind === "hook"
      ? intoHook(other, project, open, draft, (page) => closer.callIn(page))
      : intoOwner(ending, other, open, draft, (page) => closer.callIn(page));
  return done ? draft.finish() : undefined;
}

type CallIn = (page: Page) => CloseCall | undefined;

function intoHook(
  other: Ending,
  project: Project,
  open: (file: string) => Page | undefined,
  draft: Draft,
  callIn: CallIn,
): boolean {
  for (const run of project.runs()) {
    const app = run.files.has(other.fn.module.file) ? nestAppOf(run, project, open) : undefined;
    const root = app && rootModuleOf(app, project);
    const page = root && open(root.module.file);
    const close = page && callIn(page);
    if (page && close) return addHook(page, root, close, project, draft);
  }
  return false;
}

/** Callbacks of libraries that run once the server has drained, the last one first. */
const LAST: Record<string, string[]> = {
  terminus: ["onShutdown", "onSignal"],
  "http-graceful-shutdown": ["onShutdown"],
};

/** Libraries that listen for SIGTERM alone unless they are told more. */
const SIGTERM_ONLY = /^terminus$/;

function intoOwner(
  ending: Ending,
  other: Ending,
  open: (file: string) => Page | undefined,
  draft: Draft,
  callIn: CallIn,
): boolean {
  const page = open(other.fn.module.file);
  const call = page && other.call && page.callAt(other.call.at);
  const close = page && callIn(page);
  if (!page || !call || !close) return false;
  if (
    SIGTERM_ONLY.test(other.owner ?? "") &&
    !ending.events.every((e) => e === "SIGTERM" || page.textOf(call).includes(e))
  )
    return false;
  const named = LAST[other.owner ?? ""];
  if (named) return intoOptions(page, call, named, close, draft);
  if (TOLD.has(other.owner ?? "")) return false;
  const fn = other.listeners.at(-1);
  const node = fn && fn.module === other.fn.module ? nodeOf(page, fn) : undefined;
  return node !== undefined && intoFunction(page, node, close, draft);
}

function intoFunction(page: Page, node: Node, close: CloseCall, draft: Draft): boolean {
  const edits = appendTo(page, node, [`await ${close.awaited}`]);
  const able = asyncEdits(page, node);
  if (!edits || !able || (node.params as Node[]).length > 1) return false;
  draft.add([...able, ...edits]);
  return true;
}

/** Into the last of the callbacks in an object of options, or as one of its own. */
function intoOptions(
  page: Page,
  call: Node,
  names: readonly string[],
  close: CloseCall,
  draft: Draft,
): boolean {
  const options = list(call, "arguments").find((a) => a.type === "ObjectExpression");
  const properties = list(options, "properties");
  for (const name of names) {
    const property = properties.find((p) => nameOf(child(p, "key")) === name);
    const value = child(property, "value");
    if (value) return /Function/.test(value.type) && intoFunction(page, value, close, draft);
  }
  const last = properties.at(-1);
  const name = names.at(-1);
  if (!last || name === undefined) return false;
  const { semicolon, indent } = page.style;
  const broken = page.isFirstOnLine(last.start);
  const inner = broken ? page.indentAt(last.start) : page.indentAt(call.start) + indent;
  const method = `${name}: async () => {\n${inner}${indent}await ${close.awaited}${semicolon}\n${inner}}`;
  if (broken) draft.add([page.insert(last.end, `,\n${inner}${method}`)]);
  else if (options) {
    const outer = page.indentAt(call.start);
    const lines = [...properties.map((p) => page.textOf(p)), method].map((t) => `${inner}${t},\n`).join("");
    draft.add([page.replace(options.start, options.end, `{\n${lines}${outer}}`)]);
  }
  return true;
}
