import { missingShutdowns, type Missing } from "../src/ending/missing.js";
import type { Because, RunReport, Rule } from "../src/program/view.js";

/** An SDK is started, and no way in which the program ends closes it. */
export const requireShutdown: Rule<RunReport> = {
  name: "require-shutdown",
  level: "warning",
  summary: "Telemetry is started, and no ending of the program closes it.",
  recommended: true,
  fixable: true,
  check(project, { strict, partial }) {
    if (partial) return [];
    const found = new Map<object, Missing[]>();
    const covered = new Set<object>();
    for (const run of project.runs()) {
      const missing = missingShutdowns(run, project, strict);
      for (const start of run.started.values()) {
        const one = missing.find((m) => m.start === start);
        const place = start.call ?? start.fn;
        if (!one) covered.add(place);
        else found.set(place, [...(found.get(place) ?? []), one]);
      }
    }
    // what one program closes, another may be given; a service has to close it by itself
    return [...found].flatMap(([place, all]) => {
      const worst = all.find((m) => m.lifespan === "service") ?? all[0];
      return worst && (strict || !covered.has(place) || worst.lifespan === "service") ? [report(worst)] : [];
    });
  },
};

const SHAPES: Record<Missing["shape"], (name: string) => string> = {
  nothing: (name) =>
    `no ending of this program closes it, so what ${name} has buffered is lost; shut it down on SIGTERM and at the end.`,
  listener: (name) =>
    `the signal listener stops the program without it, so what ${name} has buffered is lost; shut it down there, last.`,
  helper: (name) =>
    `nobody calls the function that closes it, so what ${name} has buffered is lost; call it when the program ends.`,
  hooks: (name) =>
    `the hook that closes it runs only after enableShutdownHooks(), so what ${name} has buffered is lost on SIGTERM.`,
  "one-signal": (name) =>
    `only one of SIGTERM and SIGINT closes it, so what ${name} has buffered is lost at the other; handle both.`,
  "natural-end": (name) =>
    `only signals close it, so what ${name} has buffered is lost when the program ends by itself; shut it down on beforeExit too.`,
};

function report(missing: Missing): RunReport {
  const { start, vendor, shape, covered, helper } = missing;
  const call = covered?.call ?? start.call;
  const fn = covered?.call ? covered.fn : start.fn;
  const at = call?.at ?? start.at;
  const why: Because[] = [];
  if (covered) why.push({ fn: start.fn, at: start.at, message: `${vendor.name} is started here` });
  for (const e of missing.endings)
    if (shape === "listener" && e.kind === "signal" && e.call)
      why.push({ fn: e.fn, at: e.call.at, message: `${e.events.join(" and ")} is handled here` });
  if (helper) why.push({ fn: helper, at: helper.at, message: "this closes it" });
  const started = covered ? `${vendor.name} is started, and ` : `${vendor.name} is started here and `;
  return {
    rule: requireShutdown.name,
    level: requireShutdown.level,
    module: fn.module,
    at,
    fn,
    message: started + SHAPES[shape](vendor.name),
    why,
    call,
    hit: start,
    details: missing,
  };
}
