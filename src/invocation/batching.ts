import { platforms, selfRecording } from "../knowledge/invocations.js";
import type { Hit } from "../flow/world.js";
import { sendsEachAtOnce } from "../program/sinks.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import { says } from "../program/says.js";
import type { Call } from "../syntax/ir.js";
import { headOf } from "./unflushed.js";
import { invocationsIn, type Invocation } from "./handlers.js";
import { isFrozenAfter } from "./live.js";

type SelfRecording = (typeof selfRecording)[number];

/** A client that a framework records with waits for a batch, in a program that is frozen after each event, and nobody flushes it. */
export function batching(project: Project): ChainBreak[] {
  const found = new Map<Call, ChainBreak>();
  for (const program of project.runs()) {
    const starts = program.hits.filter((h) => h.kind === "start" && factsOf(h) !== undefined);
    for (const start of starts) {
      const facts = factsOf(start);
      const { call } = start;
      if (!facts || !call?.isNew || found.has(call) || sendsEachAtOnce(start)) continue;
      // options that come from elsewhere may say anything
      if (call.args.some((a) => a.k !== "obj" || a.props.some((p) => p.name === undefined))) continue;
      const files = [...program.files].filter((file) => !project.index.isTest(file));
      if (files.some((file) => says(file, facts.flushes, project))) continue;
      const invocation = invocationAbove(start.fn.module.file, project);
      if (!invocation) continue;
      const platform = platforms[invocation.platform];
      found.set(call, {
        kind: "chain-break",
        check: "batching",
        fn: start.fn,
        at: call.at,
        call,
        names: [
          start.vendor?.name ?? "the SDK",
          platform.name,
          platform.then,
          facts.option,
          String(facts.value),
        ],
        others: [
          {
            fn: invocation.fn,
            at: headOf(invocation.fn),
            message: `${platform.name} runs this for each event`,
          },
        ],
      });
    }
  }
  return [...found.values()];
}

function factsOf({ value }: Hit): SelfRecording | undefined {
  if (value?.v !== "sdk" || value.sdk.is !== "class") return undefined;
  const { name, pkg } = value.sdk.cls;
  return selfRecording.find((s) => pkg.specifiers.includes(s.module) && s.exports.includes(name));
}

const MOST_FILES = 500;

/** An invocation, of a process that is stopped, whose file loads this one; undefined where there is none. */
function invocationAbove(file: string, project: Project): Invocation | undefined {
  const seen = new Set([file]);
  for (const at of seen) {
    const module = seen.size < MOST_FILES && !project.index.isTest(at) ? project.module(at) : undefined;
    const found = module && invocationsIn(module, project).find(isFrozenAfter);
    if (found) return found;
    for (const importer of project.index.importers(at)) seen.add(importer);
  }
  return undefined;
}
