import { joinPath } from "../../program/index/paths.js";
import type { Project } from "../../program/project.js";
import type { Expr, Module } from "../../syntax/ir.js";

export type Obj = Expr & { k: "obj" };

/** The objects that a configuration file hands out, where every option of them is written out; by their syntax alone. */
export function configsIn(module: Module, project: Project): Obj[] {
  const given = module.exports.get("default") ?? module.exports.get("=");
  if (given?.kind !== "value") return [];
  const whole = unwrapped(given.e, module, project);
  const all = whole?.k === "arr" ? whole.items.map((e) => unwrapped(e, module, project)) : [whole];
  return all.flatMap((e) => (e?.k === "obj" && e.props.every(({ name }) => name !== undefined) ? [e] : []));
}

/** `defineConfig({})` and a name for the object. */
function unwrapped(e: Expr, module: Module, project: Project): Expr | undefined {
  if (e.k === "obj" || e.k === "arr") return e;
  if (e.k === "call")
    return e.callee.k === "id" && e.callee.name === "defineConfig" && e.args[0]
      ? unwrapped(e.args[0], module, project)
      : undefined;
  if (e.k !== "id") return undefined;
  const [value, ...more] = project.values.of(e, module);
  return value?.v === "object" && value.module === module && more.length === 0 ? value.obj : undefined;
}

/** The value of an option, `build.ssr` for one inside of another; `null` where that cannot be seen. */
export function optionOf(config: Obj, path: string): Expr | null | undefined {
  const [name = "", ...rest] = path.split(".");
  const value = config.props.findLast((p) => p.name === name)?.value;
  if (rest.length === 0 || value === undefined) return value;
  return value.k === "obj" && value.props.every((p) => p.name !== undefined)
    ? optionOf(value, rest.join("."))
    : null;
}

export const literalOf = (e: Expr | null | undefined): unknown => (e?.k === "lit" ? e.v : undefined);

/** `"src/x.ts"`, `path.resolve(__dirname, "src", "x.ts")`, as a path from the folder of the file. */
export function pathOf(e: Expr | null | undefined): string | undefined {
  if (e?.k === "lit") return typeof e.v === "string" ? e.v : undefined;
  if (e?.k !== "call") return undefined;
  const name = e.callee.k === "mem" ? e.callee.p : e.callee.k === "id" ? e.callee.name : undefined;
  const [first, ...rest] = e.args;
  if ((name !== "resolve" && name !== "join") || first?.k !== "id" || first.name !== "__dirname")
    return undefined;
  const parts = rest.map((part) => (part.k === "lit" && typeof part.v === "string" ? part.v : undefined));
  const path = parts.every((part) => part !== undefined) ? joinPath("", parts.join("/")) : undefined;
  return path === undefined ? undefined : `./${path}`;
}

/** One path, a list of them, or an object of them, with the names that they are given. */
export function entriesOf(
  e: Expr | null | undefined,
): { name: string | undefined; path: string }[] | undefined {
  const one = pathOf(e);
  if (one !== undefined) return [{ name: undefined, path: one }];
  if (e?.k !== "arr" && e?.k !== "obj") return undefined;
  const all = e.k === "arr" ? e.items.map((value) => ({ name: undefined, value })) : e.props;
  const found = all.flatMap(({ name, value }) => {
    const path = pathOf(value);
    return path === undefined ? [] : [{ name, path }];
  });
  return found.length === all.length ? found : undefined;
}
