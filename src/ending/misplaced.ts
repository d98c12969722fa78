import type { Hit } from "../flow/world.js";
import type { Binding, Call, Fn, Module, Span } from "../syntax/ir.js";
import { endingsOf } from "../program/endings.js";
import type { Floating } from "./floating.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";

const within = (inner: Span, outer: Span): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];

/** Functions of SDKs that run their callback inside a span. */
const SPANS = /^(startSpan|startActiveSpan|startSpanManual|trace|observe)$/;

/** Flushes that are waited for inside the very span that they should send: it has not ended yet. */
export function insideSpan(run: Run, flushes: readonly Hit[], project: Project): Floating[] {
  const exits = run.hits.some((h) => h.kind === "exit" && !h.inTimer);
  return flushes.flatMap((flush): Floating[] => {
    const { call, fn } = flush;
    // at a natural end such an SDK still delivers
    const pkg = flush.value?.v === "member" ? flush.value.member.cls.pkg : undefined;
    const delivers = pkg?.naturalEndDelivers ?? flush.vendor?.naturalEndDelivers;
    if (!call || (delivers && !exits)) return [];
    for (let f: Fn | undefined = fn; f && f.kind !== "module"; f = f.parent) {
      const inner = f;
      const span = fn.module.calls.find(
        (c) => c.call.args.some((a) => a.k === "fn" && a.fn === inner) && nameOf(c.call).match(SPANS),
      );
      if (span && isOpenAt(span.call, inner, flush, project))
        return [
          { kind: "floating-flush", shape: "inside-span", flush, ending: undefined, at: call.at, call, fn },
        ];
    }
    return [];
  });
}

const nameOf = ({ callee }: Call): string =>
  callee.k === "mem" ? (callee.p ?? "") : callee.k === "id" ? callee.name : "";

/** Of the same SDK, and ended by its callback's end or by an `end()` that stands behind the flush. */
function isOpenAt(span: Call, callback: Fn, flush: Hit, project: Project): boolean {
  const values = project.values.callee(span.callee, callback.module);
  const vendor = values
    .map((v) =>
      v.v === "member" ? v.member.cls.vendor : v.v === "sdk" && "vendor" in v.sdk ? v.sdk.vendor : undefined,
    )
    .find((v) => v !== undefined);
  if (vendor !== flush.vendor) return false;
  const ends = callback.module.calls.filter(
    (c) => within(c.call.at, callback.at) && c.call.callee.k === "mem" && c.call.callee.p === "end",
  );
  const ownEnds = ends.filter(({ call: { callee } }) => {
    const bind = callee.k === "mem" && callee.o.k === "id" ? callee.o.bind : undefined;
    return bind?.param?.fn === callback;
  });
  if (callback.params.length > 0 && ownEnds.length > 0)
    return ownEnds.every((c) => c.call.at[0] > (flush.call?.at[1] ?? 0));
  // Sentry ends the span when its callback is done; OpenTelemetry never does
  return nameOf(span) === "startSpan" && vendor?.name === "Sentry";
}

/** A program that flushes only its exporter, while what is not sent yet waits in the processor in front of it. */
export function exportersFlushed(run: Run, flushes: readonly Hit[], project: Project): Floating[] {
  const part = (h: Hit): string | undefined =>
    h.value?.v === "member" ? h.value.member.cls.facts.part : undefined;
  const flush = flushes.find((h) => part(h) === "exporter");
  if (!flush?.call || flushes.some((h) => h.vendor === flush.vendor && part(h) !== "exporter")) return [];
  if (!isBehindQueue(flush.fn.module, flush.call, project)) return [];
  const { call, fn } = flush;
  const ending = endingsOf(run, project).find((e) => e.hits.includes(flush));
  return [{ kind: "floating-flush", shape: "wrong-link", flush, ending, at: call.at, call, fn }];
}

/** The binding of the program that a name stands for, also through an import. */
export function homeOf(
  bind: Binding,
  module: Module,
  project: Project,
): { bind: Binding; module: Module } | undefined {
  if (!bind.from) return { bind, module };
  const file = project.index.resolve(module.file, bind.from.specifier);
  const other = file === undefined ? undefined : project.module(file);
  const exported = other?.exports.get(bind.from.name);
  return other && exported?.kind === "value" && exported.e.k === "id" && exported.e.bind
    ? { bind: exported.e.bind, module: other }
    : undefined;
}

/** The exporter was handed to a processor or reader that batches. */
function isBehindQueue(module: Module, { callee }: Call, project: Project): boolean {
  const named = callee.k === "mem" && callee.o.k === "id" ? callee.o.bind : undefined;
  const home = named && homeOf(named, module, project);
  if (!home) return false;
  const { bind } = home;
  return home.module.calls.some(({ call, fn }) => {
    if (!call.isNew || !bind.uses.some((u) => within(u.at, call.at))) return false;
    return project.values.callee(call.callee, fn.module).some((v) => {
      if (v.v !== "sdk" || v.sdk.is !== "class") return false;
      const { part, buffering } = v.sdk.cls.facts;
      return buffering === "batch" && (part === "processor" || part === "reader");
    });
  });
}

/** `Sentry.close().then(process.exit)`: the boolean becomes the exit code, which Node refuses. */
export function passedExit(run: Run, flushes: readonly Hit[]): Floating[] {
  return run.hits.flatMap((exit): Floating[] => {
    const { call, fn } = exit;
    if (exit.kind !== "exit" || call?.callee.k !== "mem" || call.callee.p !== "then") return [];
    if (call.args[0]?.k === "fn") return [];
    const awaited = call.callee.o;
    const flush = flushes.find((h) => h.call && h.call === awaited && h.facts?.resolves !== undefined);
    return flush
      ? [{ kind: "floating-flush", shape: "passed-exit", flush, ending: undefined, at: call.at, call, fn }]
      : [];
  });
}
