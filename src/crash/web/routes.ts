import type { Call, Fn } from "../../syntax/ir.js";
import type { Project } from "../../program/project.js";
import type { Run } from "../../program/program.js";
import { canReject, throws } from "../rejecting.js";
import { callsOf } from "../../program/reach.js";
import type { Runner } from "../../program/runners.js";
import { says } from "../../program/says.js";
import { returnsOf } from "../../program/value-sets.js";

/** Whether a failure of some route of these apps comes to the framework, as far as the program shows its routes. */
export function canFailIn(runners: readonly Runner[], run: Run, project: Project): boolean {
  const fns = new Set(runners.flatMap((r) => r.jobs.flatMap((j) => j.fns)));
  // a framework that drops the promises of its routes is told of what is handed to `next`, or of what a wrapper hands on
  if (runners.some((r) => r.facts.failure === "rejects")) return handsOver(run, project);
  return [...fns].some(
    (fn) => works(fn) && (fn.async ? canReject(fn) : throws(fn.body) || givesWork(fn, project)),
  );
}

/** What cannot fail: console, clock and arithmetic. */
const HARMLESS =
  /^(console|Math|Date|String|Number|Boolean|parseInt|parseFloat|process|performance|Object|Array|log|logger)$/;

/** It does more than answer: calls something besides its request and response. */
const works = (fn: Fn): boolean =>
  callsOf(fn).some(({ callee }) => {
    let root = callee;
    while (root.k === "mem" || root.k === "call") root = root.k === "mem" ? root.o : root.callee;
    return root.k !== "id" || (root.bind?.param?.fn !== fn && !HARMLESS.test(root.name));
  });

/** `(c) => list(c)`: the promise of another function is its answer. */
const givesWork = (fn: Fn, project: Project): boolean =>
  returnsOf(fn.body).some(
    (e) =>
      e.k === "call" &&
      ((e.callee.k === "mem" && e.callee.p === "then") ||
        project.values.callee(e.callee, fn.module).some((v) => v.v === "fn" && v.fn.async)),
  );

const WRAPS =
  /["'](express-async-errors|express-async-handler|express-promise-router|async-express|@awaitjs\/express)["']/;
const HANDS_ON =
  /\bnext\(\s*(new\s+\w*(Error|Exception)\b|err\b|error\b|e\b|ex\b|createError\()|\.catch\(\s*(next|\(?\s*(\w+)\s*\)?\s*=>\s*next\(\s*\4\s*\))\s*\)/;

/** Some file of the program hands errors to `next`. */
const handsOver = (run: Run, project: Project): boolean =>
  [...run.files].some((file) => {
    if (project.index.isTest(file)) return false;
    return says(file, WRAPS, project) || says(file, HANDS_ON, project);
  });

/** Whether a route's own function can fail into the hands of the framework. */
export const routeFails = (fn: Fn): boolean =>
  canReject(fn) || throws(fn.body) || fn.module.calls.some((c) => c.fn === fn && isNext(c.call, fn));

const isNext = ({ callee, args }: Call, fn: Fn): boolean =>
  args.length > 0 && callee.k === "id" && callee.bind?.param?.fn === fn && callee.name === "next";
