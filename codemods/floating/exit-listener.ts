import type { Edit, Repair } from "../../src/finding.js";
import type { FloatingFlush } from "../../src/program/details.js";
import { onceMethods, registrationMethods } from "../../src/knowledge/process.js";
import type { Project } from "../../src/program/project.js";
import type { Fn } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, isFunction, list, nameOf, type Source } from "../edit/source.js";
import { removed } from "../exit/chain.js";
import { helperOf, nodeOf } from "../flush/helpers.js";
import type { Called } from "./called.js";
import { caughtEdits } from "./dropped.js";
import { eventList } from "./events.js";
import { errorLog } from "./log.js";
import { placeOf } from "./place.js";
import { closesAtNaturalEnd } from "./natural.js";
import { awaitsIn, type Split, splitOf } from "./split.js";
import { writesArrows } from "./arrows.js";

/**
 * Moves the flush of an `exit` listener, where nothing asynchronous runs, to `beforeExit`; takes it away where that is
 * listened to already. What the listener does at once stays in it.
 * @param node the registration
 */
export function listenBeforeExit(
  project: Project,
  source: Source,
  node: Node,
  details: FloatingFlush,
): Repair | undefined {
  const property = child(child(node, "callee"), "property");
  const [event, listener] = list(node, "arguments");
  if (!property || !event || !listener || !registrationMethods.includes(nameOf(property) ?? ""))
    return undefined;
  const once = onceMethods.includes(nameOf(property) ?? "")
    ? []
    : [source.replace(property.start, property.end, "once")];
  const q = (word: string): string => source.style.quote + word + source.style.quote;
  const covered = closesAtNaturalEnd(project, details, node);
  if (event.type !== "Literal") {
    const events = eventList(source, event, "exit");
    if (!events) return undefined;
    if (!events.has("beforeExit") && !covered)
      return review(BEFORE, [events.instead(q("beforeExit")), ...once]);
    const single =
      events.count === 2 && events.has("beforeExit") ? withoutLoop(source, events.loop, node) : undefined;
    return review(AWAY, single ?? [events.without, ...once]);
  }
  const statement = source.parentOf(node);
  const isAlone = statement?.type === "ExpressionStatement";
  const away = isAlone ? removed(source, statement) : undefined;
  const to = [...once, source.replace(event.start, event.end, q("beforeExit"))];
  if (!isFunction(listener)) return byName(project, source, { node, listener, to, away, covered, details });
  const split = splitOf(project, source, listener);
  if (!split) return undefined;
  if (split.rest.length === 0) {
    if (covered && away) return review(AWAY, [away]);
    const caught = split.flushes.flatMap((f) => caughtOf(project, source, f.called));
    return review(BEFORE, [...to, ...caught]);
  }
  const gone = split.flushes.map((f) => removed(source, f.statement));
  const sync = listener.async === true ? withoutAsync(source, listener, split) : [];
  if (covered) return review(AWAY, [...gone, ...sync]);
  if (!isAlone || usesLocals(source, listener, split)) return undefined;
  return review(BEFORE, [
    ...gone,
    ...sync,
    source.insert(statement.end, `\n${own(project, source, statement, split)}`),
  ]);
}

/** A loop over one event alone is none: the registration takes its place. */
function withoutLoop(source: Source, loop: Node, node: Node): Edit[] | undefined {
  const statement = source.parentOf(node);
  const [event, listener] = list(node, "arguments");
  const object = child(child(node, "callee"), "object");
  const inner = [...source.nodes()].filter(
    (n) => n !== loop && /Statement$|Declaration$/.test(n.type) && loop.start <= n.start && n.end <= loop.end,
  );
  const alone = inner.every(
    (n) => n === statement || n.type === "BlockStatement" || n === child(loop, "left"),
  );
  if (!alone || !event || !listener || !object || listener.type !== "Identifier") return undefined;
  const { quote, semicolon } = source.style;
  const text = `${source.textOf(object)}.once(${quote}beforeExit${quote}, ${source.textOf(listener)})${semicolon}`;
  return [source.replace(loop.start, loop.end, text)];
}

const BEFORE = "Flush on beforeExit, where there is still time";
const AWAY = "Leave it to the ending that has time for it";
const review = (title: string, edits: Edit[]): Repair => ({ level: "review", title, edits });

interface Named {
  node: Node;
  listener: Node;
  to: Edit[];
  away: Edit | undefined;
  covered: boolean;
  details: FloatingFlush;
}

/** A listener given by its name: it moves whole, so it may do nothing but flush. */
function byName(project: Project, source: Source, named: Named): Repair | undefined {
  const { listener, to, away, covered, details } = named;
  const module = project.module(source.file);
  const call = module?.calls.find(
    (c) => c.call.at[0] === named.node.start && c.call.at[1] === named.node.end,
  )?.call;
  const value = call?.args[1];
  const fns =
    module && value ? project.values.of(value, module).flatMap((v) => (v.v === "fn" ? [v.fn] : [])) : [];
  const [fn] = fns;
  const vendor = details.flush.vendor;
  const helper = fn && vendor && fns.length === 1 ? helperOf(project, fn, vendor) : undefined;
  const name = source.textOf(listener);
  if (sharedWithBeforeExit(source, name) && away) return review(AWAY, [away]);
  if (!fn || !vendor) return undefined;
  // what ends the process itself is for the events at which it goes on
  if (away && exits(project, fn)) return isListenedElsewhere(source, name) ? review(AWAY, [away]) : undefined;
  if (covered && away && helper) return review(AWAY, [away]);
  if (!helper) {
    const body = fn.module.file === source.file ? nodeOf(source, fn) : undefined;
    const split = body && splitOf(project, source, body);
    if (split?.rest.length !== 0) return undefined;
    return review(BEFORE, [...to, ...split.flushes.flatMap((f) => caughtOf(project, source, f.called))]);
  }
  if (!helper.rejects) return review(BEFORE, to);
  const log = errorLog(project, source, listener);
  const text = `${name}()${helper.mayGiveNothing ? "?" : ""}.catch(${log})`;
  const { semicolon, indent } = source.style;
  const arrows = writesArrows(source);
  const outer = source.indentAt(named.node.start);
  const body = `{\n${outer}${indent}${text}${semicolon}\n${outer}}`;
  const made = source.replace(listener.start, listener.end, arrows ? `() => ${body}` : `function () ${body}`);
  return review(BEFORE, [...to, made]);
}

const exits = (project: Project, fn: Fn): boolean =>
  fn.module.calls.some(
    ({ call }) =>
      fn.at[0] <= call.at[0] &&
      call.at[1] <= fn.at[1] &&
      project.values.of(call.callee, fn.module).some((v) => v.v === "exit"),
  );

/** The same function listens to a signal as well. */
const isListenedElsewhere = (source: Source, name: string): boolean =>
  registrations(source, name).some((event) => event.startsWith("SIG"));

/** The same function listens to `beforeExit` as well. */
const sharedWithBeforeExit = (source: Source, name: string): boolean =>
  registrations(source, name).includes("beforeExit");

/** The events that a function is registered for by name. */
function registrations(source: Source, name: string): string[] {
  const events: string[] = [];
  for (const node of source.nodes()) {
    if (node.type !== "CallExpression") continue;
    const [event, listener] = list(node, "arguments");
    if (typeof event?.value === "string" && listener && source.textOf(listener) === name)
      events.push(event.value);
  }
  return events;
}

const caughtOf = (project: Project, source: Source, called: Called | undefined): Edit[] => {
  const place = called && placeOf(source, called.node);
  return place ? caughtEdits(project, source, called, place) : [];
};

function withoutAsync(source: Source, listener: Node, { rest }: Split): Edit[] {
  if (rest.some((s) => awaitsIn(source, s))) return [];
  const lead = /^async\s+/.exec(source.text.slice(listener.start));
  return lead ? [source.replace(listener.start, listener.start + lead[0].length, "")] : [];
}

/** A flush needs what only the listener knows. */
function usesLocals(source: Source, listener: Node, { flushes, rest }: Split): boolean {
  const own = [
    ...(listener.params as Node[]).map((p) => source.textOf(p)),
    ...rest.flatMap((s) => list(s, "declarations").flatMap((d) => nameOf(child(d, "id")) ?? [])),
  ].flatMap((t) => /^[\w$]+/.exec(t) ?? []);
  return own.some((name) =>
    flushes.some((f) =>
      new RegExp(`(?<![\\w$.])${name.replace(/\$/g, "\\$")}\\b`).test(source.textOf(f.statement)),
    ),
  );
}

/** A listener of its own for what was taken out. */
function own(project: Project, source: Source, registration: Node, { flushes }: Split): string {
  const { arrows, indent, quote, semicolon } = source.style;
  const outer = source.indentAt(registration.start);
  const isAsync = flushes.some((f) => awaitsIn(source, f.statement));
  const lines = flushes.map(({ statement, called }) => {
    const place = called && placeOf(source, called.node);
    const [caught] = caughtOf(project, source, called);
    const text = source.textOf(statement);
    if (!caught || !place) return text;
    const at = place.chain.end - statement.start;
    return text.slice(0, at) + caught.text + text.slice(at);
  });
  const head = `${isAsync ? "async " : ""}${arrows ? "() =>" : "function ()"} {`;
  return [
    `process.once(${quote}beforeExit${quote}, ${head}`,
    ...lines.map((l) => indent + l),
    `})${semicolon}`,
  ]
    .map((line) => outer + line)
    .join("\n");
}
