import type { Expr, Fn } from "../syntax/ir.js";

/**
 * Does the code around this function start a second copy of the program (`spawn(process.execPath, ...)`)? Then the copy does
 * the work and holds the telemetry, and the launcher may end as it likes.
 */
export function isLauncher(fn: Fn): boolean {
  let outer = fn;
  while (outer.parent && outer.parent.kind !== "module") outer = outer.parent;
  if (outer.kind === "module") return false;
  const [start, end] = outer.at;
  return outer.module.calls.some(
    ({ call }) => call.at[0] >= start && call.at[1] <= end && call.args.some(namesOwnExecutable),
  );
}

/** `process.execPath`, `Deno.execPath()`, or an option of that name handed on. */
function namesOwnExecutable(e: Expr): boolean {
  switch (e.k) {
    case "mem":
      return e.p === "execPath";
    case "call":
      return namesOwnExecutable(e.callee);
    case "arr":
      return e.items.some(namesOwnExecutable);
    case "obj":
      return e.props.some((p) => namesOwnExecutable(p.value));
    case "spread":
      return namesOwnExecutable(e.e);
    default:
      return false;
  }
}
