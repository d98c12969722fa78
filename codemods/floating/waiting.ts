import type { Edit } from "../../src/finding.js";
import type { Ending } from "../../src/program/endings.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { asyncEdits } from "../edit/async.js";
import { calledName, child, list, type Source } from "../edit/source.js";
import { allowsTopLevelAwait, useOf } from "../exit/awaiting.js";
import { callersOf } from "./callers.js";
import { declarationEdits } from "./declared.js";
import { placeOf } from "./place.js";

/** What it takes for somebody to wait. */
export interface Waiting {
  edits: Edit[];
  /** Nobody can tell the difference but for the wait. */
  safe: boolean;
}

/** What callers are followed in. */
export interface Around {
  project: Project;
  /** The ending that is to wait in the end. */
  ending: Ending | undefined;
  seen: Set<Node>;
}

/** How many layers of functions are made to wait for each other. */
const MAX_LAYERS = 5;

const nothing: Waiting = { edits: [], safe: true };

/**
 * Lets the function around a call wait for its promise, and everyone who runs that function for it, up to a function that
 * waits already or an ending that does. Undefined where somebody on the way cannot wait.
 */
export function waitFor(around: Around, source: Source, call: Node, depth = 0): Waiting | undefined {
  const place = placeOf(source, call);
  if (!place) return undefined;
  if (place.is === "awaited") return nothing;
  const { fn, edits } = place;
  if (!fn) return allowsTopLevelAwait(around.project, source) ? { edits, safe: true } : undefined;
  if (fn.async === true) return { edits, safe: true };
  if (place.is === "given") {
    const up = runnersWait(around, source, fn, depth);
    return up && { edits: [...edits, ...up.edits], safe: up.safe && edits.length === 0 };
  }
  const more = asyncEdits(source, fn);
  const up = more && runnersWait(around, source, fn, depth);
  return (
    up && {
      edits: [...edits, ...more, ...declarationEdits(around.project, source, fn), ...up.edits],
      safe: up.safe,
    }
  );
}

/** Whoever runs a function waits for the promise that it gives. */
function runnersWait(around: Around, source: Source, fn: Node, depth: number): Waiting | undefined {
  const { project, ending, seen } = around;
  if (seen.has(fn)) return nothing;
  seen.add(fn);
  if (depth > MAX_LAYERS) return undefined;
  if (ending && runsIn(ending, source, fn)) return { edits: [], safe: false };
  const holder = source.parentOf(fn);
  if (holder?.type === "CallExpression") {
    // called in place, or once for each of a list of promises
    if (child(holder, "callee") === fn) return waitFor(around, source, holder, depth + 1);
    if (calledName(holder) === "map" && list(holder, "arguments")[0] === fn)
      return waitFor(around, source, holder, depth + 1);
  }
  switch (useOf(project, source, fn)) {
    case "settles": {
      const chain = holder && placeOf(source, holder);
      // at the top level the chain itself is what goes on
      const goesOn = !holder || !chain || (chain.is === "dropped" && !chain.fn);
      return goesOn ? nothing : (waitFor(around, source, holder, depth + 1) ?? nothing);
    }
    case "later":
      // the ending does not wait for a callback that something else runs
      return ending ? undefined : { edits: [], safe: false };
    default:
      return callersWait(around, source, fn, depth);
  }
}

/** Whether a function is what an ending runs and waits for. */
export function runsIn({ listeners, fn, kind }: Ending, source: Source, node: Node): boolean {
  return [...listeners, ...(kind === "hook" ? [fn] : [])].some(
    (l) => l.module.file === source.file && l.at[0] === node.start && l.at[1] === node.end,
  );
}

function callersWait(around: Around, source: Source, fn: Node, depth: number): Waiting | undefined {
  const callers = callersOf(around.project, source, fn);
  if (!callers) return undefined;
  const edits: Edit[] = [];
  for (const caller of callers) {
    const found = waitFor(around, caller.source, caller.call, depth + 1);
    const isTest = around.project.index.isTest(caller.source.file);
    if (!found && !isTest && !endsWith(caller.source, caller.call)) return undefined;
    if (found && !(isTest && !found.safe)) edits.push(...found.edits);
  }
  return { edits, safe: false };
}

/** A callback that ends with the call need not wait for it. */
function endsWith(source: Source, call: Node): boolean {
  const place = placeOf(source, call);
  if (!place || place.is === "awaited" || !place.fn || place.fn.async === true) return false;
  if (source.parentOf(place.fn)?.type !== "CallExpression") return false;
  if (place.is === "given") return true;
  const body = child(place.fn, "body");
  return list(body, "body").at(-1) === place.statement;
}

/** The edits of a call inside of those that let it be waited for, where both touch its ends. */
export function within(call: Node, waiting: Edit[], inner: Edit[]): Edit[] {
  const isBefore = (e: Edit): boolean => e.start <= call.start;
  return distinctEdits([...waiting.filter(isBefore), ...inner, ...waiting.filter((e) => !isBefore(e))]);
}

/** Each edit once: two callers may need the same import or the same keyword. */
function distinctEdits(edits: Edit[]): Edit[] {
  const key = (e: Edit): string => `${e.file}\0${String(e.start)}\0${String(e.end)}\0${e.text}`;
  return [...new Map(edits.map((e) => [key(e), e])).values()];
}
