import type { Edit } from "../../src/finding.js";
import { onceMethods } from "../../src/knowledge/process.js";
import type { Fn } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, list, nameOf, type Source } from "../edit/source.js";
import { isListener, mentionsOf } from "../exit/callers.js";
import { nodeOf } from "../flush/helpers.js";
import { errorParameter } from "./caught.js";
import { type Completed, sendIt } from "./complete.js";
import { openAt, type Scene } from "./scene.js";
import { completeFunction } from "./swallowed.js";
import { tellAt } from "./tell.js";
import { errorNameIn, failed, functionText, logOf } from "./words.js";

/**
 * A crash listener that logs becomes one that tells the SDK, sends what is buffered and ends the process with exit code 1. It listens
 * once: a second failure ends the process at once, as without a listener.
 */
export function endAfterCrash(scene: Scene): Completed | undefined {
  const registered = registrationOf(scene);
  if (!registered) return undefined;
  const { source, call, event, listener } = registered;
  const type = event === "uncaughtException" ? "error" : "unknown";
  const { handler } = scene.details;
  const wanted = { work: event, end: "exit" as const };
  const inline = /Function/.test(listener.type);
  const named = handler && registrationsOf(scene, handler);
  if (handler && (inline || named)) {
    const done = completeFunction(scene, handler, wanted, type);
    const all = inline ? [{ source, call }] : (named ?? []);
    return done && { safe: false, edits: [...done.edits, ...all.flatMap((r) => once(r.source, r.call))] };
  }
  return wrapped(scene, registered, type);
}

/**
 * What listens to `uncaughtExceptionMonitor` cannot wait: the process ends when it returns. A listener of `uncaughtException` can,
 * and then has to log the error and to end the process itself.
 */
export function waitForCrash(scene: Scene): Completed | undefined {
  const registered = registrationOf(scene);
  const handler = scene.details.handler;
  const event = registered && list(registered.call, "arguments")[0];
  if (!registered || !handler || event?.type !== "Literal" || !/Function/.test(registered.listener.type))
    return undefined;
  const { source, call, listener } = registered;
  const error = errorParameter(source, listener, "error");
  const logs = /\bconsole\.|\blog(ger|ging)?\b|stderr/i.test(source.textOf(listener));
  const first = logs || !error ? [] : [logOf(scene.project, source, call, error.name)];
  const done = completeFunction(scene, handler, { work: "uncaughtException", end: "exit", first }, "error");
  const q = source.style.quote;
  const renamed = source.replace(event.start, event.end, `${q}uncaughtException${q}`);
  return done && { safe: false, edits: [...done.edits, renamed, ...once(source, call)] };
}

interface Registered {
  source: Source;
  /** The registration. */
  call: Node;
  /** The event; the first of several. */
  event: string;
  listener: Node;
}

function registrationOf(scene: Scene): Registered | undefined {
  const { details } = scene;
  const opened = openAt(scene, details.fn);
  const call = details.call && opened?.source.at(details.call.at, "CallExpression");
  const [event, listener] = list(call, "arguments");
  if (!opened || !call || !event || !listener) return undefined;
  const name = typeof event.value === "string" ? event.value : "crash";
  return { source: opened.source, call, event: name, listener };
}

/** `process.on` -> `process.once`. */
function once(source: Source, call: Node): Edit[] {
  const property = child(child(call, "callee"), "property");
  const name = nameOf(property);
  if (!property || name === undefined || onceMethods.includes(name)) return [];
  const to = name === "prependListener" ? "prependOnceListener" : "once";
  return [source.replace(property.start, property.end, to)];
}

/** Where a function is registered for crashes; undefined where it is called, or listens to other events as well. */
function registrationsOf(scene: Scene, fn: Fn): Pick<Registered, "source" | "call">[] | undefined {
  const opened = openAt(scene, fn);
  const node = opened && nodeOf(opened.source, fn);
  const mentions = node && mentionsOf(scene.project, opened.source, node);
  const found = mentions?.flatMap(({ source, node: mention }) => {
    const call = source.parentOf(mention);
    const listens = call && isListener(scene.project, source, call, mention);
    return listens && isCrash(list(call, "arguments")[0]) ? [{ source, call }] : [];
  });
  return found?.length === mentions?.length ? found : undefined;
}

const isCrash = (event: Node | undefined): boolean =>
  /^(uncaughtException|unhandledRejection)$/.test(String(event?.value));

/** A listener given by a name that others call too: called from one that does the rest. */
function wrapped(
  scene: Scene,
  { source, call, event, listener }: Registered,
  type: "error" | "unknown",
): Completed | undefined {
  const { details } = scene;
  if (/Function/.test(listener.type)) return undefined;
  const name = errorNameIn(source);
  const spot = { source, module: details.fn.module, node: listener, fn: details.fn };
  const told = tellAt(scene, spot, { name, type }, event);
  const sent = told && sendIt(scene, spot, listener, told);
  if (!told || !sent) return undefined;
  const statements = [`${source.textOf(listener)}(${name})`, ...sent.statements, failed(source, true)];
  const outer = source.indentAt(call.start);
  const text = functionText(source, { isAsync: true, param: name, statements, outer });
  return {
    safe: false,
    edits: [
      ...told.edits,
      ...sent.edits,
      ...once(source, call),
      source.replace(listener.start, listener.end, text),
    ],
  };
}
