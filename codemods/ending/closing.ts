import type { Project } from "../../src/program/project.js";
import { returnsOf } from "../../src/program/value-sets.js";
import type { RunReport } from "../../src/program/view.js";
import type { CallFacts } from "../../src/knowledge/schema.js";
import type { Call, Expr, Module } from "../../src/syntax/ir.js";
import type { Source } from "../edit/source.js";

/** An expression that closes telemetry and can be awaited, as it is written into an ending. */
export interface Closing {
  text: string;
  /** It can reject: whoever awaits it has to catch. */
  rejects: boolean;
  /** Every name in it is one of the module's top level. */
  global: boolean;
  usesThis: boolean;
}

/** The closing that a report is about, to be done by an ending; undefined when its end cannot be awaited. */
export function closingOf(source: Source, report: RunReport, project: Project): Closing | undefined {
  const { call, hit, module } = report;
  if (!call) return undefined;
  if (call === hit.call) return hit.facts && awaitable(source, call, hit.facts, module);
  const fns = project.values.of(call.callee, module).flatMap((v) => (v.v === "fn" ? [v.fn] : []));
  const waits = fns.length > 0 && fns.every((fn) => fn.async || returnsOf(fn.body).length > 0);
  return waits ? written(source, call, module, true) : undefined;
}

/** `handle.close()`, for a handle named by an expression that is valid all over its module or its class. */
export function closingOfHandle(
  text: string,
  member: string,
  where: { global: boolean; constant: boolean },
): Closing {
  const usesThis = text.startsWith("this.");
  return {
    text: `${text}${where.constant || usesThis ? "." : "?."}${member}()`,
    rejects: true,
    global: where.global && !usesThis,
    usesThis,
  };
}

function awaitable(source: Source, call: Call, facts: CallFacts, module: Module): Closing | undefined {
  const { callee } = call;
  const rejects = facts.rejects === true;
  if (facts.style === "promise") return written(source, call, module, rejects);
  if (facts.style === "promise-or-callback") return written(source, { ...call, args: [] }, module, rejects);
  if (callee.k !== "mem") return undefined;
  const on = said(source, callee.o);
  const about = { rejects: true, ...reach([callee.o], module) };
  if (facts.twin !== undefined) return { text: `${on}.${facts.twin}()`, ...about };
  return facts.awaitable === undefined ? undefined : { text: facts.awaitable.replaceAll("$", on), ...about };
}

function written(source: Source, call: Call, module: Module, rejects: boolean): Closing | undefined {
  const { callee } = call;
  if (!call.args.every(isPlain)) return undefined;
  const args = call.args.map((a) => said(source, a)).join(", ");
  let text = said(source, callee);
  if (callee.k === "mem" && callee.o.k === "id" && mayBeMissing(callee.o))
    text = `${callee.o.name}?.${callee.p ?? ""}`;
  return { text: `${text}(${args})`, rejects, ...reach([callee, ...call.args], module) };
}

/** A variable that is given its handle later may not have it when the program ends. */
const mayBeMissing = (e: Expr & { k: "id" }): boolean => e.bind?.kind === "var" && !e.bind.constant;

/** As written, on one line. */
const said = (source: Source, e: Expr): string => source.text.slice(...e.at).replace(/\s*\r?\n\s*/g, "");

function isPlain(e: Expr): boolean {
  if (e.k === "obj") return e.props.every((p) => p.name !== undefined && isPlain(p.value));
  return e.k === "lit" || e.k === "id" || (e.k === "mem" && isPlain(e.o));
}

function reach(parts: Expr[], module: Module): { global: boolean; usesThis: boolean } {
  const found = { global: true, usesThis: false };
  const look = (e: Expr): void => {
    if (e.k === "mem") look(e.o);
    else if (e.k === "obj") e.props.forEach((p) => look(p.value));
    else if (e.k === "id")
      found.global &&= e.bind === undefined || e.bind.kind === "import" || module.bindings.includes(e.bind);
    else if (e.k === "this" || e.k === "super") Object.assign(found, { global: false, usesThis: true });
    else if (e.k !== "lit") found.global = false;
  };
  parts.forEach(look);
  return found;
}
