import { linkWords } from "../../../knowledge/link-words.js";
import { interfacePackages } from "../../../knowledge/telemetry-interfaces.js";
import type { ChainBreak } from "../../../program/details.js";
import type { Project } from "../../../program/project.js";
import type { Call, Expr, Fn, Stmt } from "../../../syntax/ir.js";
import { listsOf } from "../../../syntax/parts.js";
import { modulesSaying } from "../../modules.js";
import { eachExpression } from "../../walk.js";
import { headOf } from "../../wrapping/heads.js";
import { isSamePlace, placeOf, written } from "../../wrapping/places.js";
import { type Wrapper, wrappersIn } from "../../wrapping/wrappers.js";
import { isResolved } from "../../wrapping/resolved.js";
import { isDeclaredBy } from "./declared-by.js";

/** Methods of wrappers that call the same method of what they wrap, and drop its promise. `parts`: the call. */
export const droppedEnds = (project: Project): ChainBreak[] =>
  modulesSaying(linkWords.lifecycle, project).flatMap((module) =>
    wrappersIn(module, project).flatMap((wrapper) =>
      isDeclaredBy(wrapper, interfacePackages, project) ? droppedIn(wrapper) : [],
    ),
  );

function droppedIn(wrapper: Wrapper): ChainBreak[] {
  const { facts, inner, fns, cls } = wrapper;
  // the flush of an exporter has nothing to send that was not sent before
  const methods = facts.flush === "data" ? [facts.closes, facts.flushes] : [facts.closes];
  return methods.flatMap((method): ChainBreak[] => {
    const fn = wrapper.method(method);
    if (typeof fn !== "object" || !fns.includes(fn) || waits(fn)) return [];
    const [call] = droppedCalls(fn.body, method, wrapper);
    if (!call) return [];
    return [
      {
        ...{ kind: "chain-break", check: "result-kind", fn, at: headOf(fn, method, cls), call },
        names: ["dropped", method, `this ${facts.noun}`, `${written(inner)}.${method}()`],
        parts: [call],
        ...(facts.flush === "little" ? { level: "warning" } : {}),
      },
    ];
  });
}

/** Whether it waits for anything, or hands back anything but a promise that has nothing to wait for. */
function waits(fn: Fn): boolean {
  let found = false;
  eachExpression(fn.body, (e) => (found ||= e.k === "await"));
  const returned = (body: readonly Stmt[]): boolean =>
    body.some((s) => (s.s === "return" && !isEmpty(s.e)) || listsOf(s).some(returned));
  return found || returned(fn.body);
}

/** `return`, `return undefined`, `return Promise.resolve()`. */
const isEmpty = (e: Expr | undefined): boolean => e === undefined || e.k === "lit" || isResolved(e);

/** The calls of the method on what is wrapped that are a statement, or the work of a `forEach`. */
function droppedCalls(body: readonly Stmt[], method: string, wrapper: Wrapper): Call[] {
  return body.flatMap((s): Call[] => {
    const nested = listsOf(s).flatMap((list) => droppedCalls(list, method, wrapper));
    const e = s.s === "expr" ? dropped(s.e) : undefined;
    if (e?.k !== "call" || e.callee.k !== "mem") return nested;
    if (isIt(e, method, wrapper)) return [e, ...nested];
    const [callback] = e.args;
    if (e.callee.p !== "forEach" || callback?.k !== "fn") return nested;
    return callback.fn.module.calls.flatMap(({ call, fn }) =>
      fn === callback.fn && isIt(call, method, wrapper) ? [call] : [],
    );
  });
}

/** What a statement evaluates and drops, without `void` and a `catch` that only hears of the failure. */
function dropped(e: Expr): Expr {
  if (e.k === "void") return dropped(e.e);
  const isHeard = e.k === "call" && e.callee.k === "mem" && e.callee.p === "catch";
  return isHeard && e.callee.k === "mem" ? dropped(e.callee.o) : e;
}

function isIt({ callee }: Call, method: string, { inner }: Wrapper): boolean {
  const place = callee.k === "mem" && callee.p === method ? placeOf(callee.o) : undefined;
  return place !== undefined && isSamePlace(place, inner);
}
