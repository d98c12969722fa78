import type { Expr } from "../../syntax/ir.js";
import { originOf } from "../same.js";

/** What a name stands for outside of its file, as the import says it; `*` is the whole module. */
export interface ImportedAs {
  specifier: string;
  name: string;
}

/** The import behind a name, a member of a namespace, or a `require` that is taken apart. */
export function importedAs(e: Expr): ImportedAs | undefined {
  const origin = originOf(e);
  if (origin.k === "import")
    return origin.specifier === undefined ? undefined : { specifier: origin.specifier, name: "*" };
  if (origin.k === "id") return origin.bind?.from;
  const space = origin.k === "mem" && origin.p !== undefined ? importedAs(origin.o) : undefined;
  const whole = space?.name === "*" || space?.name === "default";
  return space && whole && origin.k === "mem"
    ? { specifier: space.specifier, name: origin.p ?? "*" }
    : undefined;
}
