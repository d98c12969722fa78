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
