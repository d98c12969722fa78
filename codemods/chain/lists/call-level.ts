import type { Expr, Fn } from "../../../src/syntax/ir.js";
import type { Node } from "../../../src/syntax/parse.js";
import { inFront, propertyOf } from "../../edit/property.js";
import { child, nameOf, openSource, type Source } from "../../edit/source.js";
import { providerOf } from "./provider.js";
import type { ChainRepair } from "../../edit/repair.js";

/** The interceptors of the client are listed for the call as well, in front of its own. */
export const repairCallLevel: ChainRepair = (
  { fn, others = [], parts: [given, own, ...missing] = [] },
  project,
) => {
  const source = openSource(project, fn.module.file);
  const to = source && given && listAt(source, given);
  const from = source && own && listAt(source, own);
  if (!to || !from || others[0]?.fn.module !== fn.module) return undefined;
  const names = missing.map((item) => reachableFrom(item, fn));
  const kind = nameOf(child(to, "key"));
  const isSame = kind === nameOf(child(from, "key"));
  // a provider cannot be listed as an interceptor
  if (names.includes(undefined) || (!isSame && kind !== "interceptor_providers")) return undefined;
  const items = names.flatMap((n) => n ?? []);
  return {
    level: "review",
    title: "List the interceptors of the client for this call too",
    edits: [inFront(source, to, isSame ? items : items.map((n) => providerOf(source, n)))],
  };
};

const listAt = (source: Source, { at }: Expr): Node | undefined =>
  propertyOf(source, at, "interceptors") ?? propertyOf(source, at, "interceptor_providers");

/** The name of an item where the call can use it: a name of the top level, or a field of the same class. */
function reachableFrom(e: Expr, fn: Fn): string | undefined {
  if (e.k === "id") return e.bind && e.bind.owner === fn.module.top ? e.name : undefined;
  const isField = e.k === "mem" && e.o.k === "this" && e.o.cls !== undefined && e.o.cls === classAround(fn);
  return isField && e.p !== undefined ? `this.${e.p}` : undefined;
}

function classAround(fn: Fn): Fn["cls"] {
  for (let f: Fn | undefined = fn; f; f = f.kind === "arrow" ? f.parent : undefined) if (f.cls) return f.cls;
  return undefined;
}
