import { webProviders } from "../../knowledge/provider-members.js";
import type { Value } from "../../facts/value.js";
import type { Project } from "../../program/project.js";
import type { Cls, Expr, Module } from "../../syntax/ir.js";

/** A class of the SDK: its bare name (`NodeTracerProvider`), and the packages that may have it. */
export interface ProviderClass {
  name: string;
  specifiers: readonly string[];
}

/** What an expression can be of the providers of the SDK. */
export interface ProviderKinds {
  /** The classes that it can be an instance of; a class of the program counts as the one that it extends. */
  classes: ProviderClass[];
  /** Classes of the program on the way to these. */
  own: Cls[];
  /** It can be the API's proxy around the global one as well, or is nothing else. */
  proxy: boolean;
}

/** The classes of the SDK of an expression; undefined when it can be something else, or nothing is known of it. */
export function providersOf(e: Expr, module: Module, project: Project): ProviderKinds | undefined {
  const classes: ProviderClass[] = [];
  const own: Cls[] = [];
  let proxy = false;
  for (const v of project.values.of(e, module)) {
    const found = v.v === "instance" ? baseOf(v.cls, project, own) : classOf(v, "handle");
    if (!found) return undefined;
    if (found.name === "ProxyTracerProvider") proxy = true;
    else classes.push(found);
  }
  return classes.length > 0 || proxy ? { classes, own, proxy } : undefined;
}

/** The class that a value is, or is an instance of (`handle`). */
export function classOf(v: Value, is: "class" | "handle"): ProviderClass | undefined {
  if (v.v === "sdk" && v.sdk.is === is)
    return { name: v.sdk.cls.name.split(".").at(-1) ?? "", specifiers: v.sdk.cls.pkg.specifiers };
  if (v.v !== "package" || v.specifier !== webProviders.specifier) return undefined;
  const name = is === "handle" ? v.path.replace(/\(\)$/, "") : v.path;
  const isIt = is === "handle" ? name !== v.path : true;
  return isIt && webProviders.names.has(name) ? { name, specifiers: [v.specifier] } : undefined;
}

/** The class of the SDK that a class of the program extends. */
function baseOf(cls: Cls, project: Project, own: Cls[], depth = 0): ProviderClass | undefined {
  own.push(cls);
  const [base, ...others] = cls.superClass ? project.values.of(cls.superClass, cls.module) : [];
  if (!base || others.length > 0 || depth > 8) return undefined;
  return base.v === "class" ? baseOf(base.cls, project, own, depth + 1) : classOf(base, "class");
}
