import type { Call, Expr } from "../../syntax/ir.js";
import type { Link } from "../links.js";
import { readsOf } from "../originals.js";
import { isSame, originOf } from "../same.js";

const TRAPS = new Set(["apply", "construct", "get"]);

/** `new Proxy(target, { apply(target, thisArg, args) { ... } })`, and `Proxy.revocable` with the same. */
export function trapped(call: Call): Link[] {
  const [target, handler] = call.args;
  if (!target || !handler || !makesProxy(call)) return [];
  const traps = originOf(handler);
  if (traps.k !== "obj") return [];
  return traps.props.flatMap(({ name, value }) => {
    if (name === undefined || value.k !== "fn" || !TRAPS.has(name)) return [];
    const [own] = value.fn.params[0] ?? [];
    const isOwn = own ? readsOf(own) : undefined;
    const link: Link = {
      by: "trap",
      fn: value.fn,
      isOriginal: (e: Expr) => isOwn?.(e) === true || isSame(originOf(e), originOf(target)),
      name,
      of: target,
      at: call.at,
      call,
      maker: undefined,
    };
    return [link];
  });
}

function makesProxy({ callee, isNew }: Call): boolean {
  const revocable = callee.k === "mem" && callee.p === "revocable" && !isNew;
  const named = revocable ? callee.o : isNew ? callee : undefined;
  return named?.k === "id" && named.name === "Proxy" && named.bind === undefined;
}
