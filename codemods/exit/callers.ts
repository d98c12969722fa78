import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Binding, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { insertedAwait } from "../edit/insert.js";
import { child, list, nameOf, openSource, type Source } from "../edit/source.js";
import { usesOf } from "../flush/names.js";
import { awaiting, useAsArgument } from "./awaiting.js";
import { isTail, siteOf } from "./site.js";

/** A mention of a function: the identifier, or the member expression that ends in it. */
export interface Mention {
  source: Source;
  node: Node;
}

/** Edits that make every caller of a function wait for it; undefined when one of them cannot, or is not known. */
export function callersAwait(project: Project, source: Source, fn: Node, depth: number): Edit[] | undefined {
  const mentions = mentionsOf(project, source, fn);
  if (!mentions) return undefined;
  const returned = child(child(fn, "returnType"), "typeAnnotation");
  const isNever = returned?.type === "TSNeverKeyword";
  const edits: Edit[] = [];
  for (const mention of mentions) {
    const more = callerAwaits(project, mention, isNever, depth);
    if (!more) return undefined;
    edits.push(...more);
  }
  return edits;
}

function callerAwaits(
  project: Project,
  { source, node }: Mention,
  isNever: boolean,
  depth: number,
): Edit[] | undefined {
  const call = source.parentOf(node);
  if (!call) return undefined;
  if (isListener(project, source, call, node)) return [];
  if (call.type !== "CallExpression" || child(call, "callee") !== node || call.optional === true)
    return undefined;
  if (source.parentOf(call)?.type === "AwaitExpression") return [];
  const site = siteOf(source, call);
  if (!site) return undefined;
  const ability = awaiting(project, source, site.fn, depth + 1);
  // a listener or callback that ends with the call need not wait for it
  const last = site.form === "concise" || (site.form === "statement" && isTail(source, site.node));
  if (last && site.fn && site.fn.async !== true && !isNamed(source, site.fn)) return ability ? [] : undefined;
  if (!ability) return undefined;
  const edit = insertedAwait(site, isNever && source.isTypeScript && site.fn !== undefined);
  return edit && [...ability.edits, edit];
}

const isNamed = (source: Source, fn: Node): boolean => source.parentOf(fn)?.type !== "CallExpression";

/** The function is handed on as a callback: `process.on("SIGINT", stop)`, `main().catch(fail)`. */
export function isListener(project: Project, source: Source, call: Node, node: Node): boolean {
  return (
    call.type === "CallExpression" &&
    list(call, "arguments").includes(node) &&
    useAsArgument(project, source, call) !== undefined
  );
}

/**
 * Every mention of a named function of the program, in its own file and in those that import it; undefined when some
 * cannot be known: it is handed around, exported by a package, or a method that others may call.
 */
export function mentionsOf(project: Project, source: Source, fn: Node): Mention[] | undefined {
  const module = project.module(source.file);
  const holder = source.parentOf(fn);
  if (!module || !holder) return undefined;
  if (holder.type === "MethodDefinition" || holder.type === "PropertyDefinition")
    return ofMember(source, holder);
  const id =
    fn.type === "FunctionDeclaration"
      ? child(fn, "id")
      : holder.type === "AssignmentExpression"
        ? child(holder, "left")
        : child(holder, "id");
  if (id?.type !== "Identifier") return undefined;
  const name = id.name as string;
  const own: Mention[] = [];
  for (const node of usesOf(source, module, id)) {
    const parent = source.parentOf(node);
    if (!parent || isOnlyAName(parent, node) || (parent.type === "Property" && isExported(source, parent)))
      continue;
    own.push({ source, node });
  }
  const exportedAs = [...module.exports].flatMap(([as, e]) =>
    e.kind === "value" && e.e.k === "id" && isBinding(e.e.bind, module, name)
      ? [as]
      : e.kind === "value" && e.e.k === "fn" && e.e.at[0] === fn.start
        ? [as]
        : [],
  );
  if (exportedAs.length === 0) return own;
  const elsewhere = inImporters(project, module, exportedAs);
  return elsewhere && [...own, ...elsewhere];
}

const isBinding = (bind: Binding | undefined, module: Module, name: string): boolean =>
  bind !== undefined && bind.name === name && bind.owner === module.top;

/** A property name, a key, a label, a parameter's type: not the function. */
function isOnlyAName(parent: Node, node: Node): boolean {
  if (parent.type === "MemberExpression")
    return child(parent, "property") === node && parent.computed !== true;
  if (
    parent.type === "Property" ||
    parent.type === "MethodDefinition" ||
    parent.type === "PropertyDefinition"
  )
    return child(parent, "key") === node && parent.shorthand !== true && parent.computed !== true;
  if (parent.type === "ExportSpecifier") return true;
  return parent.type.startsWith("TS") && !/^TS(As|NonNull|Satisfies)/.test(parent.type);
}

/** `module.exports = { fail }`. */
function isExported(source: Source, property: Node): boolean {
  const object = source.parentOf(property);
  const assigned = object && source.parentOf(object);
  const to = child(assigned, "left");
  return to !== undefined && /^(module\.)?exports$/.test(source.textOf(to));
}

function inImporters(project: Project, module: Module, names: string[]): Mention[] | undefined {
  const { index } = project;
  if (index.entries().some((e) => e.file === module.file && (e.reason === "exports" || e.reason === "main")))
    return undefined;
  const found: Mention[] = [];
  for (const file of index.importers(module.file)) {
    const importer = project.module(file);
    const source = openSource(project, file);
    if (!importer || !source) return undefined;
    const reaches = (specifier: string): boolean => index.resolve(file, specifier) === module.file;
    if (importer.reexports.some(reaches)) return undefined;
    for (const e of importer.exports.values())
      if (e.kind === "from" && reaches(e.specifier) && (e.name === "*" || names.includes(e.name)))
        return undefined;
    for (const node of source.nodes()) {
      const more = ofImport(source, importer, node, reaches, names);
      if (!more) return undefined;
      found.push(...more);
    }
  }
  return found;
}

/** Mentions through one import or require; undefined for forms that hide them. */
function ofImport(
  source: Source,
  importer: Module,
  node: Node,
  reaches: (s: string) => boolean,
  names: string[],
): Mention[] | undefined {
  if (node.type === "ImportDeclaration" && reaches(String(child(node, "source")?.value))) {
    const found: Mention[] = [];
    for (const s of list(node, "specifiers")) {
      const imported = s.type === "ImportDefaultSpecifier" ? "default" : nameOf(child(s, "imported"));
      if (s.type === "ImportNamespaceSpecifier") return undefined;
      if (imported !== undefined && names.includes(imported))
        found.push(...namesakes(source, importer, child(s, "local")));
    }
    return found;
  }
  const argument = list(node, "arguments")[0] ?? child(node, "source");
  const loads =
    (node.type === "CallExpression" && nameOf(child(node, "callee")) === "require") ||
    node.type === "ImportExpression";
  if (!loads || typeof argument?.value !== "string" || !reaches(argument.value)) return [];
  const holder = source.parentOf(node);
  const pattern = holder?.type === "VariableDeclarator" ? child(holder, "id") : undefined;
  if (holder?.type === "ExpressionStatement") return [];
  if (pattern?.type !== "ObjectPattern") return undefined;
  return list(pattern, "properties").flatMap((p) =>
    names.includes(nameOf(child(p, "key")) ?? "") ? namesakes(source, importer, child(p, "value")) : [],
  );
}

function namesakes(source: Source, importer: Module, local: Node | undefined): Mention[] {
  if (local?.type !== "Identifier") return [];
  const uses = usesOf(source, importer, local);
  return uses.flatMap((node) => {
    const parent = source.parentOf(node);
    return parent && !isOnlyAName(parent, node) ? [{ source, node }] : [];
  });
}

/** A private member of a class is only mentioned through `this`. */
function ofMember(source: Source, holder: Node): Mention[] | undefined {
  const name = nameOf(child(holder, "key"));
  const hidden = name?.startsWith("#") === true || holder.accessibility === "private";
  if (!hidden || name === undefined || holder.static === true) return undefined;
  const found: Mention[] = [];
  for (const node of source.nodes()) {
    if (node.type !== "MemberExpression" || nameOf(child(node, "property")) !== name) continue;
    if (child(node, "object")?.type !== "ThisExpression") return undefined;
    found.push({ source, node });
  }
  return found;
}
