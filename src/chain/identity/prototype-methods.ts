import type { Value } from "../../facts/value.js";
import type { Project } from "../../program/project.js";
import type { Cls, Expr, Module } from "../../syntax/ir.js";

/** A class of which something is an instance, with the members that its instances find on its prototype. */
export interface Prototype {
  /** The name of the class. */
  name: string;
  members: ReadonlySet<string>;
  /** There are others: a table of an SDK lists what matters. */
  open: boolean;
}

/** The class of which an expression is an instance; undefined when it may be something else as well. */
export function prototypeOf(e: Expr, module: Module, project: Project): Prototype | undefined {
  const found = project.values.of(e, module).map((v) => prototypeOfValue(v, project));
  const [first] = found;
  return first && found.every((p) => p?.name === first.name) && first.members.size > 0 ? first : undefined;
}

function prototypeOfValue(value: Value, project: Project): Prototype | undefined {
  if (value.v === "instance")
    return { name: value.cls.name ?? "the class", members: membersOf(value.cls, project), open: false };
  if (value.v !== "sdk" || value.sdk.is !== "handle") return undefined;
  const { name, facts } = value.sdk.cls;
  if (facts.typeOnly === true || facts.construct === undefined) return undefined;
  const members = new Set(Object.keys(facts.members));
  // processors wait for the callback of `export` and do without it
  if (facts.part === "exporter") members.delete("forceFlush");
  return { name, members, open: true };
}

/** Methods and accessors of a class and of those that it extends, as far as they are in the program. */
function membersOf(cls: Cls, project: Project, depth = 0): Set<string> {
  const found = new Set<string>();
  for (const { name, isStatic, fn } of cls.members.values())
    if (!isStatic && !name.startsWith("#") && (fn?.kind === "method" || fn?.kind === "accessor"))
      found.add(name);
  const parents = cls.superClass && depth < 8 ? project.values.of(cls.superClass, cls.module) : [];
  for (const parent of parents)
    if (parent.v === "class") for (const name of membersOf(parent.cls, project, depth + 1)) found.add(name);
  return found;
}
