import type { Project } from "../../src/program/project.js";
import type { Binding, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, openSource, type Source } from "../edit/source.js";
import { declarationOf } from "./names.js";

/** The variable is declared without a value, may hold none by its type, or is asked with `?.` elsewhere. */
export function mayBeMissing(project: Project, module: Module, bind: Binding): boolean {
  const declared = declarationOf(project, module, bind) ?? { module, bind };
  const source = openSource(project, declared.module.file);
  const id =
    source?.at([declared.bind.at[0], declared.bind.at[1]], "Identifier") ??
    startingAt(source, declared.bind.at[0]);
  if (!source || !id) return false;
  const asked = new RegExp(`(?<![\\w$.])${bind.name.replace(/\$/g, "\\$")}\\?\\.`);
  if (asked.test(source.text) || asked.test(openSource(project, module.file)?.text ?? "")) return true;
  const holder = source.parentOf(id);
  if (admitsNothing(source, id)) return true;
  if (holder?.type !== "VariableDeclarator") return false;
  const init = child(holder, "init");
  return init
    ? givesNothing(init)
    : source.parentOf(source.parentOf(holder) ?? holder)?.type !== "ForOfStatement";
}

const startingAt = (source: Source | undefined, start: number): Node | undefined =>
  source && [...source.nodes()].find((n) => n.type === "Identifier" && n.start === start);

/** Declared with `?`, or with `undefined` or `null` among its types. */
export function admitsNothing(source: Source, declared: Node | undefined): boolean {
  const typed = child(child(declared, "typeAnnotation"), "typeAnnotation");
  return (
    declared?.optional === true ||
    (typed !== undefined && /\|\s*(undefined|null)\b|\b(undefined|null)\s*\|/.test(source.textOf(typed)))
  );
}

/** `undefined`, `null`, or a choice of which one branch is. */
export function givesNothing(e: Node): boolean {
  switch (e.type) {
    case "Identifier":
      return e.name === "undefined";
    case "Literal":
      return e.value === null || e.value === false;
    case "ConditionalExpression":
      return [child(e, "consequent"), child(e, "alternate")].some((x) => x && givesNothing(x));
    case "LogicalExpression":
      return e.operator === "&&";
    default:
      return (
        e.type.startsWith("TS") &&
        child(e, "expression") !== undefined &&
        givesNothing(child(e, "expression") as Node)
      );
  }
}
