import { State } from "../src/flow/state.js";
import type { Hit } from "../src/flow/world.js";
import { asyncCallbacks } from "../src/crash/async-callbacks.js";
import { breadcrumbsOnly } from "../src/crash/breadcrumbs.js";
import { capturesInOtherCopies } from "../src/crash/copies.js";
import { crashOptions } from "../src/crash/crash-options.js";
import type { CrashLoss } from "../src/program/details.js";
import { hookOrder } from "../src/crash/hook-order.js";
import { lostEntries } from "../src/crash/lost-entries.js";
import { lostHandlers } from "../src/crash/lost-handlers.js";
import { isRunByHand } from "../src/crash/shown.js";
import { unheardRunners } from "../src/crash/unheard.js";
import { unstartedCaptures } from "../src/crash/unstarted.js";
import type { Vendor } from "../src/knowledge/schema.js";
import { isRunByDevelopers } from "../src/program/developers.js";
import type { Because, RunReport, Rule } from "../src/program/view.js";
import { survivesRejections } from "../src/versions/node-version.js";
import { webErrors } from "../src/crash/web/errors.js";

/** A failure that ends the program, or a part of its work, reaches no telemetry. */
export const requireCrashCapture: Rule<RunReport> = {
  name: "require-crash-capture",
  level: "warning",
  summary: "A failure ends the program or its work, and no telemetry hears of it.",
  recommended: true,
  fixable: true,
  check(project, { strict, partial }) {
    if (partial) return [];
    const found = new Map<string, RunReport>();
    const add = (loss: CrashLoss): void => {
      const key = `${loss.fn.module.file}:${String(loss.at[0])}`;
      if (!found.has(key)) found.set(key, report(loss));
    };
    for (const run of project.runs()) {
      if (isRunByDevelopers(run)) continue;
      const starts = [...run.started.values()];
      if (starts.length > 0 && run.entries.every((e) => isRunByHand(e.file, starts))) continue;
      // a rejection that only warns ends nothing
      const survives = survivesRejections(run, project);
      const entries = lostEntries(run, project).filter((l) => !(survives && l.shape === "floating-entry"));
      const isUnheard = (l: CrashLoss): boolean => /^(floating|awaited)-entry$/.test(l.shape);
      const options = crashOptions(run, project, entries.some(isUnheard));
      options.forEach(add);
      // an SDK that an option has made deaf is one bug, and who would have been heard is not another
      const deaf = options.some((o) => o.deaf === true);
      entries.filter((l) => !deaf || !isUnheard(l)).forEach(add);
      lostHandlers(run, project, strict).forEach(add);
      breadcrumbsOnly(run, project).forEach(add);
      unstartedCaptures(run, project).forEach(add);
      hookOrder(run, project).forEach(add);
      webErrors(run, project, strict).forEach(add);
      unheardRunners(run, project, strict).forEach(add);
      if (!survives) asyncCallbacks(run, project).forEach(add);
    }
    capturesInOtherCopies(project).forEach(add);
    return [...found.values()];
  },
};

/** What counts events is not told of errors. */
const endOf = (vendor: Vendor): string =>
  vendor.crash?.tell === undefined
    ? "; catch it, flush and end the process."
    : ", and the error itself is in no telemetry; catch it, report it and flush.";

const SHAPES: Record<CrashLoss["shape"], (name: string, loss: CrashLoss) => string> = {
  "floating-entry": (name, { others, vendor }) =>
    others?.length
      ? `Nobody hears it when this fails: the program goes on as if it had started, and the error is in no telemetry of ${name}; catch it, report it and end the process.`
      : `Nobody hears it when this fails: the process ends with what ${name} has buffered${endOf(vendor)}`,
  "awaited-entry": (name, { vendor }) =>
    `When this fails the process ends with what ${name} has buffered${endOf(vendor)}`,
  "swallowed-entry": (name) =>
    `The failure of the whole program ends here, and ${name} is never told; capture the error here and flush before the process ends.`,
  zombie: (name) =>
    `The failure of the whole program ends in this catch, and ${name} is never told; capture the error here and flush before the process ends.`,
  "listener-swallows": (name) =>
    `This listener takes the crash and only logs, so ${name} is never told of the error; capture it, flush and exit.`,
  monitor: (name) =>
    `The process is gone before what ${name} captures here is sent: nothing asynchronous runs after this event; listen to uncaughtException, flush and exit there.`,
  "owner-ignores": (name) =>
    `A crash runs this callback too, and it leaves the error out, so ${name} is never told; take \`err\` and capture it before the flush.`,
  option: (name, { deaf }) =>
    deaf
      ? `With this option ${name} hears no crash any more, and nothing else here tells it; leave it to hear them.`
      : `With this option ${name} takes the crash and keeps the broken process alive; let it end the process once the report is sent.`,
  breadcrumb: (name) =>
    `A breadcrumb is sent with the next report only, so ${name} is never told of this error; capture it.`,
  "before-init": (name) =>
    `${name} is not started yet when this captures, so the report is dropped; start it first.`,
  "no-init": (name) =>
    `This process never starts ${name}, so the report is dropped; start it here as the rest of the project does.`,
  "other-copy": (name) =>
    `This ${name} is another major version than the one that is started, and it has no client, so the report is dropped; start this one, or use the same version.`,
  "unheard-runner": (name, { runner }) =>
    `Nobody listens to the failures of this ${runner ?? "runner"}, so ${name} is never told of them; listen and capture.`,
  "runner-swallows": (name, { runner }) =>
    `The failures of this ${runner ?? "runner"} end here, and ${name} is never told of them; capture the error here.`,
  "async-callback": (name) =>
    `Nobody takes the promise of this callback: when it rejects, the process ends with what ${name} has buffered; catch the error here and report it.`,
  "missing-hook": (name, { runner }) =>
    `The ${runner ?? "framework"} answers a failed request by itself, and ${name} is never told; add an error hook that captures.`,
  "hook-order": (name, { runner }) =>
    /^(koa|hono)/.test(runner ?? "")
      ? `Errors never come to ${name} at this place; it belongs before the routes.`
      : `Errors never come to ${name} at this place; it belongs after all routes and before every other error middleware.`,
};

function report(loss: CrashLoss): RunReport {
  const { shape, vendor, start, fn, call, at, others = [] } = loss;
  const why: Because[] = [];
  if (start && start.at[0] !== at[0])
    why.push({ fn: start.fn, at: start.at, message: `${vendor.name} is started here` });
  why.push(...others);
  return {
    rule: requireCrashCapture.name,
    level: requireCrashCapture.level,
    module: fn.module,
    at,
    fn,
    message: SHAPES[shape](vendor.name, loss),
    why,
    call,
    hit: start ?? placeOf(loss),
    details: loss,
  };
}

/** Where nothing is started there is no hit of a start to show. */
const placeOf = ({ vendor, fn, call, at }: CrashLoss): Hit => ({
  kind: "capture",
  at,
  fn,
  vendor,
  states: State.Idle,
  stack: [],
  guards: 0,
  loop: undefined,
  inTimer: false,
  ...(call ? { call } : {}),
});
