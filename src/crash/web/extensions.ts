import type { Call, Fn, Span } from "../../syntax/ir.js";
import type { Project } from "../../program/project.js";
import type { Run } from "../../program/program.js";
import { functionsIn } from "../../program/reach.js";

/** A function that hapi runs before each answer, where it is registered. */
export interface Extension {
  fn: Fn;
  place: { call: Call; fn: Fn; at: Span };
}

/**
 * The extensions of hapi that deal with answers that are errors. `open`: one whose function the program does not show, or some
 * other way to hear of errors (`server.events`).
 */
export function extensionsOf(run: Run, project: Project): Extension[] | "open" {
  const found: Extension[] = [];
  for (const file of [...run.files].sort()) {
    const text = project.index.isTest(file) ? "" : (project.index.read(file) ?? "");
    if (EVENTS.test(text)) return "open";
    if (!text.includes(POINT)) continue;
    const { calls = [] } = project.module(file) ?? {};
    const near = calls.filter(
      ({ call: { callee, at } }) =>
        callee.k === "mem" && callee.p === "ext" && text.slice(...at).includes(POINT),
    );
    if (near.length === 0) return "open";
    for (const { call, fn } of near) {
      const fns = call.args.flatMap((a) => functionsIn(a, fn, project.values));
      if (fns.length === 0) return "open";
      for (const f of fns)
        if (ABOUT_ERRORS.test(project.index.read(f.module.file)?.slice(...f.at) ?? ""))
          found.push({ fn: f, place: { call, fn, at: call.at } });
    }
  }
  return found;
}

const POINT = "onPreResponse";
const EVENTS = /\bevents\s*\.\s*on\(|\.on\(\s*["'`](request-error|request|response|log|tail)["'`]/;
const ABOUT_ERRORS = /isBoom|isServer|instanceof Error|output\.statusCode|\.isError/;
