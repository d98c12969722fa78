import type { ChainBreak } from "../../../program/details.js";
import type { Project } from "../../../program/project.js";
import { returnsOf } from "../../../program/value-sets.js";
import type { Call, Fn, Module } from "../../../syntax/ir.js";
import { type Place, placeOf } from "../after.js";
import { middlewareOf } from "../middleware.js";

/**
 * Middleware that awaits `next()` and returns nothing, where whoever called it needs the result. `parts` are the call of `next`.
 */
export function lostResults(module: Module, project: Project): ChainBreak[] {
  return module.calls.flatMap(({ call, fn }) => {
    const next = !call.isNew && call.callee.k === "id" ? call.callee.bind : undefined;
    if (!next?.param || next.kind !== "param" || fn.concise || returnsOf(fn.body).length > 0) return [];
    const place = placeOf(call, fn);
    if (!place || !isAlone(call, place)) return [];
    const found = middlewareOf(next, project);
    if (found?.fn !== fn || !needsResult(found.facts.result, fn)) return [];
    return [
      {
        kind: "chain-break" as const,
        check: "not-forwarded",
        fn,
        at: call.at,
        call,
        names: ["lost-result", found.facts.name, next.name],
        parts: [call],
      },
    ];
  });
}

const needsResult = (result: boolean | readonly string[], { name }: Fn): boolean =>
  typeof result === "boolean" ? result : name !== undefined && result.includes(name);

/** A statement of its own, awaited or not, or the value of a variable. */
function isAlone(call: Call, { statement }: Place): boolean {
  if (statement.s !== "expr") return false;
  const { e } = statement;
  const value = e.k === "set" && e.to.k === "id" ? e.e : e;
  return value === call || (value.k === "await" && value.e === call);
}
