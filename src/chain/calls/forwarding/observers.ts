import { observables } from "../../../knowledge/handler-events.js";
import type { ChainBreak } from "../../../program/details.js";
import type { Project } from "../../../program/project.js";
import type { Binding, Call, Expr, Fn, Module } from "../../../syntax/ir.js";
import { isWithin } from "../../links.js";
import { originOf } from "../../same.js";
import { calledName } from "../../spans.js";
import { expressionsIn } from "../../walk.js";

/** Links that hand the values of the stream behind them to their own observer, and leave out its failure or its end. */
export function unheardStreams(module: Module, project: Project): ChainBreak[] {
  return module.calls.flatMap(({ call }) => {
    const made = madeBy(call, module, project);
    const [body] = call.args;
    const observer = body?.k === "fn" ? body.fn.params[0]?.[0] : undefined;
    if (!made || body?.k !== "fn" || !observer) return [];
    const subscribed = module.calls.filter(
      ({ call: c, fn }) => isWithin(fn, body.fn) && calledName(c) === "subscribe",
    );
    const [only] = subscribed;
    if (!only || subscribed.length > 1 || !isBehind(only.call, module)) return [];
    return lostIn(only.call, only.fn, observer, made.needsEnd);
  });
}

function madeBy(call: Call, module: Module, project: Project): (typeof observables)[number] | undefined {
  const values = project.values.of(call.callee, module);
  return observables.find(({ modules, name }) =>
    values.some((v) => v.v === "package" && modules.test(v.specifier) && v.path.split(".").at(-1) === name),
  );
}

/** What is subscribed to is what comes behind: `next(op)`, `forward(operation)`, `next.handle()`, by a parameter. */
function isBehind({ callee }: Call, module: Module): boolean {
  const source = callee.k === "mem" ? rootOf(callee.o) : undefined;
  if (source?.k !== "call") return false;
  const by = source.callee;
  if (by.k === "id") return by.bind?.kind === "param" && by.bind.owner.module === module;
  return by.k === "mem" && by.p === "handle" && by.o.k === "id" && by.o.bind?.kind === "param";
}

/** The call that a chain of `pipe` begins with. */
function rootOf(e: Expr): Expr {
  const origin = originOf(e);
  return origin.k === "call" && origin.callee.k === "mem" && origin.callee.p === "pipe"
    ? rootOf(origin.callee.o)
    : origin;
}

function lostIn(subscribe: Call, fn: Fn, observer: Binding, needsEnd: boolean): ChainBreak[] {
  const [given, onError, onEnd] = subscribe.args;
  if (!given) return [];
  const handlers =
    given.k === "obj"
      ? new Map(given.props.map(({ name, value }) => [name, value]))
      : new Map<string | undefined, Expr | undefined>([
          ["next", given],
          ["error", onError],
          ["complete", onEnd],
        ]);
  const values = handlers.get("next");
  if (handlers.has(undefined) || values?.k !== "fn" || !tells(values.fn, observer, "next")) return [];
  const isLost = (name: string): boolean => !handlers.get(name) && !tells(observer.owner, observer, name);
  const lost = isLost("error") ? "error" : needsEnd && isLost("complete") ? "complete" : undefined;
  if (lost === undefined) return [];
  return [
    {
      kind: "chain-break",
      check: "not-forwarded",
      fn,
      at: subscribe.at,
      call: subscribe,
      names: ["unheard-stream", lost, observer.name],
      parts: [subscribe],
    },
  ];
}

/** Whether a function, or one in it, calls a method of the observer, or gives the observer away. */
function tells(fn: Fn, observer: Binding, method: string): boolean {
  const members = new Set<Expr>();
  for (const { e } of expressionsIn(fn.module))
    if (e.k === "mem" && e.o.k === "id" && e.o.bind === observer) {
      if (e.p !== method) members.add(e.o);
    }
  return expressionsIn(fn.module).some(
    ({ e, fn: at }) => isWithin(at, fn) && e.k === "id" && e.bind === observer && !members.has(e),
  );
}
