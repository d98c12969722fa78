import type { Edit, Repair } from "../../src/finding.js";
import type { Ending } from "../../src/program/endings.js";
import type { FloatingFlush } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, isFunction, nameOf, type Source } from "../edit/source.js";
import { removed } from "../exit/chain.js";
import { siblingsOf } from "../exit/site.js";
import { awaitableEdits, outcomeOf } from "./awaitable.js";
import { calledAt, type Called } from "./called.js";
import { errorLog } from "./log.js";
import { type Place, placeOf } from "./place.js";
import { runsIn, waitFor, within } from "./waiting.js";
import { writesArrows } from "./arrows.js";

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
  const all = within(node, waiting.edits, [...awaitable, ...caught]);
  const below = place.is === "dropped" && ending ? drainBehind(source, place.statement, ending) : undefined;
  const edits = below && place.is === "dropped" ? movedBelow(source, place.statement, below, all) : all;
  const isOwn = called.target === undefined || awaitable.every((e) => e.start === e.end);
  const already =
    place.is === "dropped" && place.fn !== undefined && ending && runsIn(ending, source, place.fn);
  return {
    level: waiting.safe && isOwn && !below ? "safe" : "review",
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
    source.insert(place.chain.end, `${maybe ? "?" : ""}.catch(${errorLog(project, source, place.chain)})`),
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
  const then = writesArrows(source)
    ? `() => ${source.textOf(call)}`
    : `function () { ${source.textOf(call)}${source.style.semicolon} }`;
  const tail = source.text[next.end - 1] === ";" ? ";" : "";
  const edits = inner.filter((e) => e.start !== whole.end || e.end !== whole.end);
  const atEnd = inner.filter((e) => e.start === whole.end && e.end === whole.end).map((e) => e.text);
  return [...edits, source.replace(whole.end, next.end, `${atEnd.join("")}.finally(${then})${tail}`)];
}

/** The last statement beside the flush, and behind it, that drains what still produces: telemetry is closed after that. */
function drainBehind(source: Source, statement: Node, { drains }: Ending): Node | undefined {
  const siblings = siblingsOf(source, statement) ?? [];
  return siblings
    .slice(siblings.indexOf(statement) + 1)
    .findLast((s) =>
      drains.some(
        ({ call, fn }) => fn.module.file === source.file && s.start <= call.at[0] && call.at[1] <= s.end,
      ),
    );
}

/** The edits of a statement applied to its text, which goes below another. */
function movedBelow(source: Source, statement: Node, below: Node, edits: Edit[]): Edit[] {
  const isInside = (e: Edit): boolean =>
    e.file === source.file && statement.start <= e.start && e.end <= statement.end;
  let text = "";
  let at = statement.start;
  for (const e of edits.filter(isInside).sort((a, b) => a.start - b.start || a.end - b.end)) {
    text += source.text.slice(at, e.start) + e.text;
    at = e.end;
  }
  text += source.text.slice(at, statement.end);
  const indent = source.indentAt(below.start);
  return [
    ...edits.filter((e) => !isInside(e)),
    removed(source, statement),
    source.insert(below.end, `\n${indent}${text}`),
  ];
}
