import { isSurelyBelow } from "../versions/older-versions.js";
import { streamedAnswers, waitsForStreams } from "../knowledge/invocations.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Call, Module } from "../syntax/ir.js";
import type { Hit } from "../flow/world.js";
import { invocationsIn, type Invocation } from "./handlers.js";
import { isWrapperOfSentry } from "./live.js";
import { runOf } from "./run.js";
import { headOf } from "./unflushed.js";

/** Functions of the program run while an answer streams, after the wrapper of the SDK has flushed. */
export function streamed(project: Project): ChainBreak[] {
  const found = new Map<Call, ChainBreak>();
  for (const { invocation, wrapper } of candidatesIn(project)) {
    if (keepsAFlush(invocation, project)) continue;
    const { module, at } = invocation.fn;
    for (const { call, fn } of module.calls) {
      if (call.at[0] < at[0] || at[1] < call.at[1]) continue;
      const facts = call.callee.k === "call" ? undefined : factsOf(call, module, project);
      if (!facts || !flushesEarly(module.file, project)) continue;
      const maker = makerOf(call) ?? call;
      found.set(maker, {
        kind: "chain-break",
        check: "streamed",
        fn,
        at: maker.at,
        call: maker,
        names: ["Sentry", facts.runs],
        others: [
          { fn: wrapper.fn, at: wrapper.at, message: "this flushes when the answer begins" },
          { fn: invocation.fn, at: headOf(invocation.fn), message: "this answers with a stream" },
        ],
      });
    }
  }
  return [...found.values()];
}

/** The invocations of programs that a wrapper flushes for, in files that load something which streams. */
function candidatesIn(project: Project): { invocation: Invocation; wrapper: Hit }[] {
  const found = new Map<Invocation, Hit>();
  for (const program of project.runs()) {
    const wrapper = program.hits.find(isWrapperOfSentry);
    if (!wrapper) continue;
    for (const file of program.files) {
      const streams = project.index
        .scan(file)
        .imports.some(
          (i) => i.kind !== "type" && streamedAnswers.some((s) => s.modules.includes(i.specifier)),
        );
      const module = streams && !project.index.isTest(file) ? project.module(file) : undefined;
      for (const invocation of module ? invocationsIn(module, project) : [])
        if (!found.has(invocation)) found.set(invocation, wrapper);
    }
  }
  return [...found].map(([invocation, wrapper]) => ({ invocation, wrapper }));
}

/** Some flush of the invocation is waited for, by whomever. */
function keepsAFlush(invocation: Invocation, project: Project): boolean {
  const { hits } = runOf(invocation, project);
  return hits.some(
    (h) => h.kind === "flush" && !hits.some((f) => f.kind === "floating" && f.call === h.call),
  );
}

const factsOf = (
  call: Call,
  module: Module,
  project: Project,
): (typeof streamedAnswers)[number] | undefined =>
  streamedAnswers.find((s) =>
    project.values
      .callee(call.callee, module)
      .some((v) => v.v === "package" && s.modules.includes(v.specifier) && s.path.test(v.path)),
  );

const flushesEarly = (file: string, project: Project): boolean =>
  Object.entries(waitsForStreams).some(([name, range]) => isSurelyBelow(file, [name], range, project));

/** `const server = build(...)`: where what runs behind the answer is put together. */
function makerOf({ args: [first] }: Call): Call | undefined {
  const [only] = first?.k === "id" && first.bind?.constant ? first.bind.values : [];
  return only?.k === "call" ? only : undefined;
}
