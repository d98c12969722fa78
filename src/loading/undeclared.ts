import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Binding, Expr, Module, Stmt } from "../syntax/ir.js";
import { expressionsOf, listsOf, operandsOf } from "../syntax/parts.js";
import { topOf } from "./late.js";

/**
 * Starts at the top level of a file that need a `const`, `let` or class which is declared further down: reading it there throws, so
 * that the program ends before telemetry is there. Each is reported where the first of them is read.
 */
export function undeclaredNames(project: Project): ChainBreak[] {
  const found = new Map<string, ChainBreak>();
  for (const run of project.runs())
    for (const [vendor, start] of run.started) {
      const top = topOf(start);
      if (!top || top.later) continue;
      const read = readsBefore(top.module.top.body, top.offset).find((e) =>
        isDeclaredBelow(e, top.module, project),
      );
      if (!read) continue;
      found.set(`${top.module.file}:${String(read.at[0])}`, {
        kind: "chain-break",
        check: "undeclared",
        fn: top.module.top,
        at: read.at,
        names: [vendor.name, read.name],
        others: [
          { fn: start.fn, at: start.at, message: `${vendor.name} is started here` },
          { fn: top.module.top, at: read.bind.at, message: `\`${read.name}\` is declared here` },
        ],
      });
    }
  return [...found.values()];
}

type Read = Expr & { k: "id"; bind: Binding };

/** The names that the statement around a start reads on the way to it, whichever way that statement goes. */
function readsBefore(body: readonly Stmt[], offset: number): Read[] {
  const around = body.find((s) => s.at[0] <= offset && offset < s.at[1]);
  return around ? readsOn(around, offset) : [];
}

function readsOn(statement: Stmt, offset: number): Read[] {
  const own = statement.s === "loop" ? [] : expressionsOf(statement).flatMap(readsIn);
  for (const list of listsOf(statement)) {
    const index = list.findIndex((s) => s.at[0] <= offset && offset < s.at[1]);
    const around = list[index];
    if (!around) continue;
    const before = list.slice(0, index).flatMap((s) => (s.s === "expr" ? readsIn(s.e) : []));
    return [...own, ...before, ...readsOn(around, offset)];
  }
  return own;
}

/** What an expression reads in any case: neither side of a condition, nothing in a function that it only makes. */
function readsIn(e: Expr): Read[] {
  if (e.k === "id") return e.bind ? [e as Read] : [];
  if (e.k === "cond") return readsIn(e.test);
  if (e.k === "logic") return readsIn(e.l);
  if (e.k === "set" && e.to.k === "id") return readsIn(e.e);
  return operandsOf(e).flatMap(readsIn);
}

/** `var` and functions are there from the start, and so is what is imported. */
function isDeclaredBelow({ bind, at }: Read, module: Module, project: Project): boolean {
  if (bind.owner !== module.top || bind.at[0] < at[0]) return false;
  if (bind.kind === "class") return true;
  if (bind.kind !== "var") return false;
  const text = project.index.read(module.file)?.slice(0, bind.at[0]) ?? "";
  return /(?:^|[\n;}])\s*(?:export\s+)?(?:const|let)\s+(?:\{[^{}]*|\[[^[\]]*)?$/.test(text);
}
