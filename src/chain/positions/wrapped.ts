import type { Project } from "../../program/project.js";
import type { Call, Expr, Module } from "../../syntax/ir.js";
import type { Link } from "../links.js";
import { isCalledIn, type Made, madeBy, readsOf, unbound } from "../originals.js";
import { originOf } from "../same.js";

/** Functions that put a wrapper over a member: `(object, name, original => replacement)`. */
const WRAPS = /^(?:_?wrap|_?massWrap|fill|shimmerWrap|_?wrapMethod|patch|patchMethod|replace)$/;

/** Functions that wrap a function: `(original, original => replacement)`. */
const WRAPS_FUNCTION = /^wrapFunction$/;

const calleeName = ({ callee }: Call): string | undefined =>
  callee.k === "id" ? callee.name : callee.k === "mem" ? callee.p : undefined;

/** A name that is written out, alone or as the only one of a list. */
function literalName(e: Expr | undefined): string | undefined {
  if (e?.k === "arr" && e.items.length === 1) return literalName(e.items[0]);
  return e?.k === "lit" && typeof e.v === "string" ? e.v : undefined;
}

/** `shimmer.wrap(http, "get", (original) => function (...args) { ... })`; the maker may be a function or method of the program. */
export function wrapped(call: Call, module: Module, project: Project): Link[] {
  const found = positionOf(call);
  if (!found || found.maker.k === "lit" || found.maker.k === "spread") return [];
  const { of, name } = found;
  const maker = originOf(found.maker);
  // what callers pass for it is asked at their calls
  if (maker.k === "id" && maker.bind?.kind === "param") return [];
  return project.values.of(unbound(maker), module).flatMap((v) => {
    if (v.v !== "fn") return [];
    return handed(v.fn, project).map(({ fn, maker: made, original }) => ({
      by: "wrap" as const,
      fn,
      isOriginal: readsOf(original),
      name: literalName(name),
      of,
      at: call.at,
      call,
      maker: made,
    }));
  });
}

function positionOf(call: Call): { of: Expr; name: Expr | undefined; maker: Expr } | undefined {
  const callee = calleeName(call) ?? "";
  const [first, second, third] = call.args;
  if (first && second && third && WRAPS.test(callee)) return { of: first, name: second, maker: third };
  if (first && second && WRAPS_FUNCTION.test(callee)) return { of: first, name: undefined, maker: second };
  return undefined;
}

/** The maker is given the original first, or, as in New Relic's shim, after the shim. */
function handed(maker: Parameters<typeof madeBy>[0], project: Project): Made[] {
  const first = madeBy(maker, 0, project);
  if (maker.params.length < 2 || first.some(isUsed)) return first;
  const second = madeBy(maker, 1, project).filter(isUsed);
  return second.length > 0 ? second : first;
}

const isUsed = ({ fn, original }: Made): boolean => isCalledIn(fn, readsOf(original));
