import { removedResource } from "../../../src/knowledge/provider-members.js";
import type { Edit, Repair } from "../../../src/finding.js";
import type { ChainBreak } from "../../../src/program/details.js";
import type { Project } from "../../../src/program/project.js";
import type { Expr } from "../../../src/syntax/ir.js";
import type { Node } from "../../../src/syntax/parse.js";
import { child, nameOf, openSource, type Source } from "../../edit/source.js";

/** Every `new Resource(attributes)` of the module becomes a call of the function that makes one now. */
export function replacedResource(broken: ChainBreak, project: Project): Repair | undefined {
  const source = openSource(project, broken.fn.module.file);
  const parts = broken.parts ?? [];
  if (!source) return undefined;
  const replaced = parts.map((e) => replacementOf(source, e));
  if (!replaced.every((r) => r !== undefined)) return undefined;
  const names = new Set(replaced.flatMap((r) => (r.bare ? [r.name] : [])));
  const imported = names.size > 0 ? importedInstead(source, replaced, [...names]) : [];
  if (!imported) return undefined;
  return {
    level: "review",
    title: "Make resources with the functions of version 2",
    edits: [...imported, ...replaced.map((r) => r.edit)],
  };
}

interface Replacement {
  /** The function that is called now. */
  name: string;
  /** The class stands there by its own name, and not as a member of its package. */
  bare: boolean;
  /** `Resource`, as it stands there. */
  written: Node;
  edit: Edit;
}

function replacementOf(source: Source, e: Expr): Replacement | undefined {
  if (e.k === "call") {
    const node = source.at(e.at, "NewExpression");
    const callee = child(node, "callee");
    const [only, ...others] = e.args;
    // a second argument was a promise of further attributes, and is something else now
    if (!node || !callee || !only || only.k === "spread" || others.length > 0) return undefined;
    return replacement(source, callee, node.start, callee.end, removedResource.instead.new);
  }
  const member = source.at(e.at, "MemberExpression");
  const object = child(member, "object");
  const property = nameOf(child(member, "property"));
  if (!member || !object) return undefined;
  if (property === "EMPTY")
    return replacement(source, object, member.start, member.end, removedResource.instead.EMPTY, "()");
  const call = source.parentOf(member);
  if (call?.type !== "CallExpression" || (property !== "default" && property !== "empty")) return undefined;
  return replacement(source, object, member.start, member.end, removedResource.instead[property]);
}

function replacement(
  source: Source,
  written: Node,
  start: number,
  end: number,
  name: string,
  after = "",
): Replacement {
  const space = written.type === "MemberExpression" ? child(written, "object") : undefined;
  const before = space ? `${source.textOf(space)}.` : "";
  return { name, bare: !space, written, edit: source.replace(start, end, `${before}${name}${after}`) };
}

/** The functions take the place of the class where it is imported; as a type it stays. */
function importedInstead(source: Source, replaced: Replacement[], names: string[]): Edit[] | undefined {
  const used = new Set(replaced.map((r) => r.written));
  const same = [...source.nodes()].filter((n) => nameOf(n) === "Resource" && n.type === "Identifier");
  const declared = same.flatMap((n) => {
    const up = source.parentOf(n);
    const isDeclared =
      up?.type === "ImportSpecifier" ||
      (up?.type === "Property" && up.shorthand === true && source.parentOf(up)?.type === "ObjectPattern");
    return isDeclared ? [up] : [];
  });
  const [declaration] = declared;
  if (!declaration || declared.some((d) => d !== declaration) || source.textOf(declaration) !== "Resource")
    return undefined;
  const isType = same.some((n) => !used.has(n) && source.parentOf(n) !== declaration);
  if (isType && (!source.isTypeScript || declaration.type !== "ImportSpecifier")) return undefined;
  const wanted = [...names, ...(isType ? ["type Resource"] : [])];
  return [source.replace(declaration.start, declaration.end, wanted.join(", "))];
}
