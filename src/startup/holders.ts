import { expressionsIn } from "../chain/walk.js";
import { exporterOptions, processorDelays } from "../knowledge/export-retries.js";
import type { Call, Expr, Module } from "../syntax/ir.js";
import { isRead, numberOf, propertyOf } from "./options.js";

/** What hands an exporter its batches. */
export interface Holder {
  /** `BatchSpanProcessor`. */
  name: string;
  /** How long after the first span or record the first batch leaves, unless so many come that it is full before. */
  firstExportMillis: number;
  /** The call that makes it; undefined where NodeSDK does. */
  call: Call | undefined;
  /** The object that its settings are in. */
  options: Expr | undefined;
}

/** What an exporter is handed to, where its own module shows that. */
export function holderOf(exporter: Call, module: Module): Holder | undefined {
  const isIt = (e: Expr | undefined): boolean =>
    e === exporter || (e?.k === "id" && e.bind?.values.length === 1 && e.bind.values[0] === exporter);
  for (const { e } of expressionsIn(module)) {
    const found = e.k === "obj" ? inOptions(e, isIt) : e.k === "call" ? inProcessor(e, isIt) : undefined;
    if (found) return found;
  }
  return undefined;
}

function inOptions(e: Expr & { k: "obj" }, isIt: (e: Expr | undefined) => boolean): Holder | undefined {
  for (const [option, name] of Object.entries(exporterOptions)) {
    const delay = processorDelays[name];
    if (delay && isIt(propertyOf(e, option)))
      return { name, firstExportMillis: delay.millis, call: undefined, options: undefined };
  }
  return undefined;
}

function inProcessor(call: Call, isIt: (e: Expr | undefined) => boolean): Holder | undefined {
  const { callee, args, isNew } = call;
  const written =
    callee.k === "id" ? (callee.bind?.from?.name ?? callee.name) : callee.k === "mem" ? callee.p : "";
  const delay = written === undefined ? undefined : processorDelays[written];
  if (!isNew || !delay || written === undefined) return undefined;
  const [first, second] = args;
  // the newest of log records take one object for all
  const isInside = first?.k === "obj" && isIt(propertyOf(first, "exporter"));
  if (!isInside && !isIt(first)) return undefined;
  const options = isInside ? first : second;
  const given = delay.option === undefined ? undefined : propertyOf(options, delay.option);
  const millis = given ? numberOf(given) : isRead(options) ? delay.millis : undefined;
  return millis === undefined ? undefined : { name: written, firstExportMillis: millis, call, options };
}
