import type { Edit, Repair } from "../../src/finding.js";
import type { FloatingFlush } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, isFunction, list, nameOf, type Source } from "../edit/source.js";
import { siblingsOf } from "../exit/site.js";
import { awaitableEdits, outcomeOf } from "./awaitable.js";
import { calledAt, type Called } from "./called.js";
import { errorLog } from "./log.js";
import { type Place, placeOf } from "./place.js";
import { distinctEdits, runsIn, waitFor } from "./waiting.js";

/** Waits for a flush that a statement drops, in its function and in every layer up to one that can wait. */
export function waitForDropped(
  project: Project,
  source: Source,
  node: Node,
  { ending, flush }: FloatingFlush,
): Repair | undefined {
  const place = placeOf(source, node);
  const called = calledAt(project, source, node, flush);
  const awaitable = called && awaitableEdits(project, source, called);
  if (!place || !called || !awaitable) return undefined;
  const caught = caughtEdits(project, source, called, place);
  const told = place.is === "dropped" ? beforeCallback(source, place, [...awaitable, ...caught]) : undefined;
  if (told) return { level: "review", title: "Call back once the flush has ended", edits: told };
  const waiting = waitFor({ project, ending, seen: new Set() }, source, node);
  if (!waiting || waiting.edits.length === 0) return undefined;
  const edits = distinctEdits([...waiting.edits, ...awaitable, ...caught]);
  const isOwn = called.target === undefined || awaitable.every((e) => e.start === e.end);
  const already =
    place.is === "dropped" && place.fn !== undefined && ending && runsIn(ending, source, place.fn);
  return {
    level: waiting.safe && isOwn ? "safe" : "review",
    title: already ? "Wait for it before this ending is over" : "Wait for it",
    edits,
  };
}

/** A rejection that nobody expected so far must not stop what follows. */
export function caughtEdits(project: Project, source: Source, called: Called, place: Place): Edit[] {
  if (place.caught) return [];
  const { rejects, maybe } = outcomeOf(project, called);
  if (!rejects || isFunction(child(called.node, "callee") ?? called.node)) return [];
  return [
    source.insert(place.whole.end, `${maybe ? "?" : ""}.catch(${errorLog(project, source, place.whole)})`),
  ];
}

/**
 * `flush(); done();` in a function that tells its end by a callback becomes `flush().finally(done)`.
 * @returns undefined where no parameter of the function is called right behind the flush
 */
function beforeCallback(
  source: Source,
  { fn, statement, whole }: Place & { is: "dropped" },
  inner: Edit[],
): Edit[] | undefined {
  if (!fn || fn.async === true || child(statement, "expression") === undefined) return undefined;
  const siblings = siblingsOf(source, statement) ?? [];
  const next = siblings[siblings.indexOf(statement) + 1];
  const call = child(next, "expression");
  const name = call?.type === "CallExpression" ? nameOf(child(call, "callee")) : undefined;
  const params = (fn.params as Node[]).flatMap((p) => nameOf(p) ?? []);
  if (!next || !call || name === undefined || !params.includes(name)) return undefined;
  const bare = list(call, "arguments").length === 0;
  const then = bare ? name : source.style.arrows ? `() => ${source.textOf(call)}` : undefined;
  if (then === undefined) return undefined;
  const tail = source.text[next.end - 1] === ";" ? ";" : "";
  const edits = inner.filter((e) => e.start !== whole.end || e.end !== whole.end);
  const atEnd = inner.filter((e) => e.start === whole.end && e.end === whole.end).map((e) => e.text);
  return [...edits, source.replace(whole.end, next.end, `${atEnd.join("")}.finally(${then})${tail}`)];
}
