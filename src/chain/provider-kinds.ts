import type { SdkClass } from "../facts/lookup.js";
import type { Project } from "../program/project.js";
import type { Cls, Expr, Module } from "../syntax/ir.js";

/** What an expression can be of the providers of the SDK. */
export interface ProviderKinds {
  /** The classes that it can be an instance of; a class of the program counts as the one that it extends. */
  classes: SdkClass[];
  /** Classes of the program on the way to these. */
  own: Cls[];
  /** It can be the API's proxy around the global one as well, or is nothing else. */
  proxy: boolean;
}

/** The classes of providers of an expression; undefined when it can be something else, or nothing is known of it. */
export function providersOf(e: Expr, module: Module, project: Project): ProviderKinds | undefined {
  const classes: SdkClass[] = [];
  const own: Cls[] = [];
  let proxy = false;
  for (const v of project.values.of(e, module)) {
    if (v.v === "sdk" && v.sdk.is === "handle") {
      if (v.sdk.cls.name === "ProxyTracerProvider") proxy = true;
      else classes.push(v.sdk.cls);
    } else if (v.v === "instance") {
      const base = baseOf(v.cls, project, own);
      if (!base) return undefined;
      classes.push(base);
    } else return undefined;
  }
  return classes.length > 0 || proxy ? { classes, own, proxy } : undefined;
}

/** The class of the SDK that a class of the program extends. */
function baseOf(cls: Cls, project: Project, own: Cls[], depth = 0): SdkClass | undefined {
  own.push(cls);
  const [base, ...others] = cls.superClass ? project.values.of(cls.superClass, cls.module) : [];
  if (!base || others.length > 0 || depth > 8) return undefined;
  if (base.v === "class") return baseOf(base.cls, project, own, depth + 1);
  return base.v === "sdk" && base.sdk.is === "class" ? base.sdk.cls : undefined;
}

/** The name of a class as its package exports it: `NodeTracerProvider` of `node.NodeTracerProvider`. */
export const bareName = ({ name }: SdkClass): string => name.split(".").at(-1) ?? name;
