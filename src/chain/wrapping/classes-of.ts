import type { Value } from "../../facts/value.js";
import type { Project } from "../../program/project.js";
import type { Cls, Expr, Module } from "../../syntax/ir.js";

/** What an expression can be; a CommonJS module stands for the one thing that is all it exports. */
export const wholeOf = (e: Expr, module: Module, { values }: Project): Value[] =>
  values.of(e, module).flatMap((v) => {
    const whole = v.v === "namespace" ? v.module.exports.get("=") : undefined;
    return v.v === "namespace" && whole?.kind === "value" ? values.of(whole.e, v.module) : [v];
  });

/** The classes of the program that an expression can be. */
export const classesOf = (e: Expr, module: Module, project: Project): Cls[] =>
  wholeOf(e, module, project).flatMap((v) => (v.v === "class" ? [v.cls] : []));
