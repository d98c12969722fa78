import type { Project } from "../../src/program/project.js";
import type { Cls } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, list, nameOf, openSource, type Source } from "../edit/source.js";
import { admitsNothing, givesNothing } from "./missing.js";

/** `private`, `protected` or `#name`: not to be used from outside the class. */
export function isPrivate(project: Project, cls: Cls, name: string): boolean {
  if (name.startsWith("#")) return true;
  const declared = declarationIn(openSource(project, cls.module.file), cls, name);
  return declared?.accessibility === "private" || declared?.accessibility === "protected";
}

/** A field that may hold nothing: by its type, its first value, or because no constructor gives it one. */
export function mayLackField(project: Project, cls: Cls, name: string): boolean {
  const source = openSource(project, cls.module.file);
  if (!source) return true;
  if (source.text.includes(`this.${name}?.`)) return true;
  const declared = declarationIn(source, cls, name);
  if (declared?.type === "TSParameterProperty") return admitsNothing(source, child(declared, "parameter"));
  if (!declared) return !isAssignedAtOnce(source, cls, name);
  if (declared.optional === true || admitsNothing(source, declared)) return true;
  const value = child(declared, "value");
  return value ? givesNothing(value) : !isAssignedAtOnce(source, cls, name);
}

const bodyOf = (source: Source, cls: Cls): Node[] =>
  list(child(source.at(cls.at, "ClassDeclaration", "ClassExpression"), "body"), "body");

const constructorOf = (source: Source, cls: Cls): Node | undefined =>
  child(
    bodyOf(source, cls).find((m) => m.kind === "constructor"),
    "value",
  );

/** The member that declares a field or method, or the constructor's parameter that does. */
function declarationIn(source: Source | undefined, cls: Cls, name: string): Node | undefined {
  if (!source) return undefined;
  const member = bodyOf(source, cls).find((m) => nameOf(child(m, "key")) === name);
  if (member) return member;
  const params = (constructorOf(source, cls)?.params ?? []) as Node[];
  return params.find((p) => {
    const parameter = p.type === "TSParameterProperty" ? child(p, "parameter") : undefined;
    return (
      parameter &&
      nameOf(parameter.type === "AssignmentPattern" ? child(parameter, "left") : parameter) === name
    );
  });
}

/** The constructor sets it in a statement of its own. */
function isAssignedAtOnce(source: Source, cls: Cls, name: string): boolean {
  return list(child(constructorOf(source, cls), "body"), "body").some((s) => {
    const left = child(child(s, "expression"), "left");
    return (
      left?.type === "MemberExpression" &&
      child(left, "object")?.type === "ThisExpression" &&
      nameOf(child(left, "property")) === name
    );
  });
}
