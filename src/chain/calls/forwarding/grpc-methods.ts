import {
  grpcBuilders,
  grpcCalls,
  grpcMethods,
  grpcModules,
  grpcServerStart,
} from "../../../knowledge/handler-events.js";
import type { ChainBreak } from "../../../program/details.js";
import type { Project } from "../../../program/project.js";
import type { Call, Expr, Fn, Module } from "../../../syntax/ir.js";
import { placeOf, useOf } from "../after.js";
import { isWithin } from "../../links.js";
import { originOf } from "../../same.js";
import { calledName } from "../../spans.js";
import { expressionsIn } from "../../walk.js";

/** Interceptors of gRPC that make a call and do not return it, or whose methods do not go on. */
export function stoppedCalls(module: Module, project: Project): ChainBreak[] {
  const grpcName = (e: Expr, names: ReadonlySet<string>): string | undefined =>
    project.values
      .of(e, module)
      .flatMap((v) => (v.v === "package" && grpcModules.test(v.specifier) ? [lastOf(v.path)] : []))
      .find((name) => names.has(name));
  return module.calls.flatMap(({ call, fn }) => {
    const made = call.isNew ? grpcName(call.callee, grpcCalls) : undefined;
    if (made !== undefined) {
      const place = placeOf(call, fn);
      const dropped = place && useOf(call, place) === "dropped" ? [unreturned(call, fn)] : [];
      return [...dropped, ...methodsOf(call.args[1], startOf(made)).flatMap(stopped)];
    }
    const { callee } = call;
    const built = /^with(\w+)$/.exec(calledName(call) ?? "")?.[1];
    const builder = built !== undefined && callee.k === "mem" ? grpcName(callee.o, grpcBuilders) : undefined;
    const [method] = call.args;
    if (builder === undefined || built === undefined || method?.k !== "fn") return [];
    const name = built.charAt(0).toLowerCase() + built.slice(1);
    return withListeners({ name, fn: method.fn }, startOf(builder)).flatMap(stopped);
  });
}

/** The position of `next` in the `start` of what a class or builder is given. */
const startOf = (name: string): number =>
  /^(Server|Responder)/.test(name) ? grpcServerStart : (grpcMethods.start ?? 0);

/** `RequesterBuilder().withStart`: the last step that names something of the package. */
const lastOf = (path: string): string =>
  path
    .split(".")
    .map((step) => step.replace("()", ""))
    .findLast((step) => /^[A-Z]/.test(step)) ?? "";

const unreturned = (call: Call, fn: Fn): ChainBreak => ({
  kind: "chain-break",
  check: "not-forwarded",
  fn,
  at: call.at,
  call,
  names: ["unreturned-call", calledName(call) ?? ""],
  parts: [call],
});

interface Method {
  name: string;
  fn: Fn;
  /** Where `next` stands. */
  next?: number | undefined;
}

/** The methods of a requester or listener, and of the listener that its `start` hands on. */
function methodsOf(e: Expr | undefined, start: number): Method[] {
  const origin = e && originOf(e);
  if (origin?.k !== "obj") return [];
  return origin.props.flatMap(({ name, value }) =>
    name === undefined || value.k !== "fn" ? [] : withListeners({ name, fn: value.fn }, start),
  );
}

/** `next(metadata, { onReceiveStatus(status, next) { ... } })`; on a server `next` takes the listener alone. */
function withListeners({ name, fn: own }: Method, start: number): Method[] {
  if (name !== "start") return [{ name, fn: own, next: grpcMethods[name] }];
  const next = own.params[start]?.[0];
  const listeners = own.module.calls.flatMap(({ call, fn }) =>
    next && isWithin(fn, own) && call.callee.k === "id" && call.callee.bind === next
      ? methodsOf(call.args.at(-1), start)
      : [],
  );
  return [{ name, fn: own, next: start }, ...listeners];
}

/** A method that is given `next`, and neither calls it nor keeps or hands on anything by which the call could go on. */
function stopped({ name, fn, next: position }: Method): ChainBreak[] {
  if (position === undefined || fn.rest || fn.params.length > position + 1) return [];
  const next = fn.params[position]?.[0];
  if ((next && next.uses.length > 0) || goesOn(fn)) return [];
  return [
    {
      kind: "chain-break",
      check: "not-forwarded",
      fn,
      at: [fn.at[0], Math.max(fn.at[0] + 1, fn.bodyAt[0] - 1)],
      names: ["stopped-call", name],
      parts: [],
    },
  ];
}

/** Something in it may carry the call on: another way to the listener, a parameter that is kept or given away, an error. */
function goesOn(fn: Fn): boolean {
  const isOwn = (e: Expr): boolean => {
    const origin = originOf(e);
    return origin.k === "id" && origin.bind?.param?.fn === fn;
  };
  return (
    expressionsIn(fn.module).some(({ e, fn: at }) => {
      if (!isWithin(at, fn)) return false;
      if (e.k === "set" && e.to.k === "mem") return true;
      if (e.k === "set") return e.to.k === "id" && e.to.bind?.owner !== fn;
      if (e.k === "id") return e.name === "arguments";
      if (e.k !== "call") return false;
      const name = calledName(e) ?? "";
      return name in grpcMethods || (e.args.some(isOwn) && !isConsole(e));
    }) || fn.body.some((s) => s.s === "throw")
  );
}

const isConsole = ({ callee }: Call): boolean =>
  callee.k === "mem" && callee.o.k === "id" && callee.o.name === "console";
