import { originOf } from "../chain/same.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Call, Expr, Fn, Module } from "../syntax/ir.js";
import { constructionOf, exporterGiven, partsOf, telemetryModules, type Part } from "./parts.js";

const LIFECYCLE = new Set(["forceFlush", "shutdown"]);

/**
 * A class that flushes or closes its exporter, while what is not sent yet waits in the processor in front of it, which nothing in
 * the package flushes. `no-floating-flush` speaks of programs that do so at their end.
 * `names`: the member, the processor's class, a field that holds the queue (or nothing). `parts`: every such call.
 */
export function flushedExporters(project: Project): ChainBreak[] {
  return telemetryModules(project).flatMap((module): ChainBreak[] => {
    const queued = queuedExporters(module, project);
    if (queued.size === 0) return [];
    const flushes = module.calls.flatMap(({ call, fn }) => {
      const processor = processorBehind(call, queued);
      return processor ? [{ call, fn, processor }] : [];
    });
    const [first, ...others] = flushes;
    if (!first || flushesQueue(module, first.processor, project)) return [];
    return [
      {
        kind: "chain-break",
        check: "wrong-link",
        fn: first.fn,
        at: first.call.at,
        call: first.call,
        names: [
          first.call.callee.k === "mem" ? (first.call.callee.p ?? "") : "",
          first.processor.name,
          holderOf(first.call, first.processor, project),
        ],
        parts: flushes.map((f) => f.call),
        others: [
          { fn: first.processor.fn, at: first.processor.call.at, message: "what is not sent yet waits here" },
          ...others.map((o) => ({ fn: o.fn, at: o.call.at, message: "here as well" })),
        ],
      },
    ];
  });
}

/** The constructions of exporters that were handed to a processor or reader which keeps a queue. */
function queuedExporters(module: Module, project: Project): Map<Expr, Part> {
  const found = new Map<Expr, Part>();
  for (const part of partsOf(module, project)) {
    const { part: role, buffering } = part.cls.facts;
    if (buffering !== "batch" || (role !== "processor" && role !== "reader")) continue;
    const given = exporterGiven(part, project);
    const origin = given && constructionOf(given);
    if (origin?.k === "call" && origin.isNew) found.set(origin, part);
  }
  return found;
}

/** The processor whose exporter, kept in a field, a call flushes or closes. */
function processorBehind({ callee }: Call, queued: Map<Expr, Part>): Part | undefined {
  if (callee.k !== "mem" || !LIFECYCLE.has(callee.p ?? "") || callee.o.k !== "mem") return undefined;
  return callee.o.o.k === "this" ? queued.get(constructionOf(callee.o)) : undefined;
}

/** A field of the class that holds the processor, or the provider of its signal, as the SDK's own class. */
function holderOf({ callee }: Call, processor: Part, project: Project): string {
  const owner =
    callee.k === "mem" && callee.o.k === "mem" && callee.o.o.k === "this" ? callee.o.o.cls : undefined;
  for (const [name, { values, type }] of owner?.members ?? []) {
    const [value] = values;
    const origin = value && values.length === 1 ? originOf(value) : undefined;
    const made = owner && partsOf(owner.module, project).find((p) => p.call === origin);
    // the interfaces of the API have neither method
    const asSdk = type.every((t) =>
      project.values.of(t.expr, processor.fn.module).some((v) => v.v === "sdk"),
    );
    if (!made || !asSdk || name.startsWith("#")) continue;
    const { part } = made.cls.facts;
    if (made === processor || (part === "provider" && signalOf(made.name) === signalOf(processor.name)))
      return name;
  }
  return "";
}

/** Whether anything in the package flushes or closes what holds the queue: a processor, provider or SDK of the signal. */
function flushesQueue(module: Module, processor: Part, project: Project): boolean {
  const home = project.index.packageOf(module.file)?.dir;
  const signal = signalOf(processor.name);
  return telemetryModules(project).some(
    (other) =>
      project.index.packageOf(other.file)?.dir === home &&
      other.calls.some(({ call, fn }) => isFlushOf(signal, call, fn, project)),
  );
}

function isFlushOf(signal: string, { callee }: Call, fn: Fn, project: Project): boolean {
  if (callee.k !== "mem" || !LIFECYCLE.has(callee.p ?? "") || isOfProcessor(fn)) return false;
  const values = project.values.callee(callee, fn.module);
  // something that nobody knows, under the name of such a thing, may be it
  if (values.length === 0)
    return /provider|processor|sdk/i.test(nameOf(callee.o)) && mayBe(signal, nameOf(callee.o));
  return values.some((v) => {
    if (v.v !== "member") return false;
    const { part } = v.member.cls.facts;
    if (part === "sdk") return true;
    return part !== "exporter" && part !== undefined && signalOf(v.member.cls.name) === signal;
  });
}

/** A processor that hands on what it is told waits to be told itself. */
const isOfProcessor = ({ cls }: Fn): boolean =>
  cls?.members.has("onEnd") === true || cls?.members.has("onEmit") === true;

const mayBe = (signal: string, name: string): boolean => signalOf(name) === signal;

const nameOf = (e: Expr): string => (e.k === "mem" ? (e.p ?? "") : e.k === "id" ? e.name : "");

/** Names say of which signal the classes of OpenTelemetry are. */
const signalOf = (name: string): string =>
  /log/i.test(name) ? "logs" : /met(er|ric)|Reader/i.test(name) ? "metrics" : "traces";
