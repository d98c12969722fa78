import type { Value } from "../facts/value.js";
import type { ExportFacts, Vendor } from "../knowledge/schema.js";
import type { Call, Expr, Module } from "../syntax/ir.js";

/** Something of an SDK that a module makes. */
export interface Made {
  call: Call;
  vendor: Vendor;
  facts: Extract<ExportFacts, { kind: "class" }>;
}

/** What of a vendor a module makes by `new`. */
export const madeOf = (vendor: Vendor, module: Module, callee: (e: Expr) => Value[]): Made[] =>
  module.calls
    .filter(({ call }) => call.isNew)
    .flatMap(({ call }) =>
      callee(call.callee).flatMap((v) =>
        v.v === "sdk" && v.sdk.is === "class" && v.sdk.cls.vendor === vendor
          ? [{ call, vendor, facts: v.sdk.cls.facts }]
          : [],
      ),
    );

/** What the modules that start a vendor make keeps everything here: it writes to the console, or has nowhere to send it. */
export function sendsNothing(made: readonly Made[], modules: readonly Module[]): boolean {
  const sinks = made.flatMap(({ vendor, facts: { part, buffering } }) =>
    part === "exporter" || (part === "reader" && buffering !== undefined)
      ? [buffering ?? vendor.buffering]
      : [],
  );
  if (made.some(({ call, facts }) => facts.part === "sdk" && isGivenNoProcessor(call))) return true;
  return sinks.length > 0 ? sinks.every((buffering) => buffering === "none") : isUnfed(made, modules);
}

/**
 * `new NodeTracerProvider({ resource })`: a provider without a processor drops what it is given. Only where nobody else can reach
 * it to hand it one.
 */
const isUnfed = (made: readonly Made[], modules: readonly Module[]): boolean =>
  made.some(({ facts }) => facts.part === "provider") &&
  made.every(
    ({ call, facts }) => facts.part === undefined || (facts.part === "provider" && !isGiven(call)),
  ) &&
  modules.every(
    (m) =>
      m.exports.size === 0 &&
      m.reexports.length === 0 &&
      !m.calls.some(({ call }) => call.callee.k === "mem" && ADDS.test(call.callee.p ?? "")),
  );

const isGiven = ({ args: [settings] }: Call): boolean =>
  settings !== undefined &&
  (settings.k !== "obj" ||
    settings.props.some(({ name }) => name === undefined || /processor|reader|exporter/i.test(name)));

const ADDS = /^add\w*(Processor|Reader)$/;

/**
 * What the modules that start a vendor make hands each item over when it is captured: a server that has answered has nothing
 * waiting. An SDK without processors of its own makes one that collects batches.
 */
export function sendsAtOnce(made: readonly Made[]): boolean {
  const queues = made.filter(({ facts: { part } }) => part === "processor" || part === "reader");
  return (
    queues.length > 0 &&
    queues.every(({ facts }) => facts.buffering === "immediate" || facts.buffering === "none") &&
    made.every(({ call, facts }) => facts.part !== "sdk" || isGivenProcessorsOnly(call))
  );
}

/** `new NodeSDK({ traceExporter, spanProcessors: [] })`: the list is taken as it is, and nothing is made of the exporter. */
const isGivenNoProcessor = (call: Call): boolean => {
  const [settings] = call.args;
  return (
    settings?.k === "obj" &&
    settings.props.some(
      ({ name, value }) => name === "spanProcessors" && value.k === "arr" && value.items.length === 0,
    ) &&
    settings.props.every(({ name }) => name !== undefined && !/metric|log/i.test(name))
  );
};

/** `new NodeSDK({ instrumentations: [] })`: it gets what the program records itself, and nothing else. */
export const isGivenNoInstrumentation = (made: readonly Made[]): boolean =>
  made.some(
    ({ call: { args }, facts }) =>
      facts.part === "sdk" &&
      args[0]?.k === "obj" &&
      args[0].props.some(
        ({ name, value }) => name === "instrumentations" && value.k === "arr" && value.items.length === 0,
      ),
  );

const isGivenProcessorsOnly = ({ args: [settings] }: Call): boolean =>
  settings?.k === "obj" &&
  settings.props.some(({ name }) => /^spanProcessors?$/.test(name ?? "")) &&
  settings.props.every(({ name }) => name !== undefined && !/^traceExporter$|metric|log/i.test(name));

/** `new PostHog(key, { flushAt: 1 })`: each event is on its way when it is captured. */
export const sendsEachAtOnce = ({ call }: { call?: Call | undefined }): boolean =>
  call?.args.some(
    (a) =>
      a.k === "obj" &&
      a.props.some(
        (p) =>
          /^(flushAt|flushQueueSize|maxEventsInBatch|maxBatchSize)$/.test(p.name ?? "") &&
          p.value.k === "lit" &&
          p.value.v === 1,
      ),
  ) === true;
