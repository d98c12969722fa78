import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, list, nameOf, openSource, type Source } from "../edit/source.js";

/**
 * The edits that let the types which declare a function say that it gives a promise: the variable's own, the member of an
 * interface that its class implements, the abstract member that it overrides. What declares something else than `void` stays.
 */
export function declarationEdits(project: Project, source: Source, fn: Node): Edit[] {
  const holder = source.parentOf(fn);
  if (holder?.type === "VariableDeclarator" || holder?.type === "PropertyDefinition") {
    const typed = child(holder, "typeAnnotation") ?? child(child(holder, "id"), "typeAnnotation");
    const type = child(typed, "typeAnnotation");
    return type?.type === "TSFunctionType" ? promised(source, type, true) : [];
  }
  const body = holder && source.parentOf(holder);
  const cls = body && source.parentOf(body);
  const name = nameOf(child(holder, "key"));
  if (holder?.type !== "MethodDefinition" || !cls || name === undefined) return [];
  const parents = [
    ...list(cls, "implements").map((i) => child(i, "expression")),
    child(cls, "superClass"),
  ].flatMap((p) => nameOf(p) ?? []);
  return parents.flatMap((parent) => {
    const declared = declarationOf(project, source, parent);
    const member = declared && memberOf(declared.node, name);
    if (!declared || !member) return [];
    return promised(declared.source, member, isOnlyOne(project, declared, parent));
  });
}

interface Declared {
  source: Source;
  node: Node;
}

/** The interface, type or class of a name, in the file or in one that it is imported from. */
function declarationOf(project: Project, source: Source, name: string, hops = 0): Declared | undefined {
  for (const s of list(source.program, "body")) {
    const declared = s.type.startsWith("Export") ? child(s, "declaration") : s;
    if (nameOf(child(declared, "id")) === name && declared && DECLARES.test(declared.type))
      return { source, node: declared };
    const specifiers = list(s, "specifiers");
    const from = child(s, "source")?.value;
    if (typeof from !== "string" || hops > 3) continue;
    const here = specifiers.find((x) => nameOf(child(x, "local") ?? child(x, "exported")) === name);
    if (!here) continue;
    const file = project.index.resolve(source.file, from);
    const target = file === undefined ? undefined : openSource(project, file);
    const there = nameOf(child(here, "imported") ?? child(here, "local")) ?? name;
    return target && declarationOf(project, target, there, hops + 1);
  }
  return undefined;
}

const DECLARES = /^(TSInterfaceDeclaration|TSTypeAliasDeclaration|ClassDeclaration)$/;

function memberOf(declared: Node, name: string): Node | undefined {
  const type = child(declared, "typeAnnotation");
  const body = type ? list(type, "members") : list(child(declared, "body"), "body");
  const member = body.find((m) => nameOf(child(m, "key")) === name);
  switch (member?.type) {
    case "TSMethodSignature":
      return member;
    case "TSAbstractMethodDefinition":
      return child(member, "value");
    case "TSPropertySignature": {
      const typed = child(child(member, "typeAnnotation"), "typeAnnotation");
      return typed?.type === "TSFunctionType" ? typed : undefined;
    }
    default:
      return undefined;
  }
}

/** `void` where the type says what comes back, as a promise; with others of that type, either. */
function promised(source: Source, signature: Node, alone: boolean): Edit[] {
  const type = child(child(signature, "returnType"), "typeAnnotation");
  if (type?.type !== "TSVoidKeyword") return [];
  return [source.replace(type.start, type.end, alone ? "Promise<void>" : "void | Promise<void>")];
}

/** Nothing else of the program has to fit the type. */
function isOnlyOne(project: Project, { source }: Declared, name: string): boolean {
  const files = [source.file, ...project.index.sources.filter((f) => mayImport(project, f, source.file))];
  const uses = new RegExp(
    `\\b(?:implements|extends)\\b[^{]*\\b${name}\\b|\\b(?:const|let|var)\\s+\\w+\\s*:\\s*${name}\\b[^;]*=\\s*\\{|satisfies\\s+${name}\\b`,
    "g",
  );
  let count = 0;
  for (const file of new Set(files)) count += [...(project.index.read(file) ?? "").matchAll(uses)].length;
  return count < 2;
}

const mayImport = (project: Project, file: string, target: string): boolean =>
  project.index.imports(file).some((e) => e.file === target);
