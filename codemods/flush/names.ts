import type { Project } from "../../src/program/project.js";
import type { Binding, Expr, Fn, Module, Stmt } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { patternNames } from "../../src/syntax/scope.js";
import { child, isFunction, list, type Source } from "../edit/source.js";

/** The names that can be used at a node, with the bindings behind them. */
export function visibleAt(source: Source, module: Module, node: Node): Map<string, Binding> {
  const bindings = bindingsOf(module);
  const found = new Map<string, Binding>();
  for (const up of [node, ...source.ancestors(node)]) {
    for (const id of declaredBy(up)) {
      const name = id.name as string;
      if (found.has(name)) continue;
      const binding = bindings.get(id.start);
      if (binding?.name === name && !comesLater(source, id, node)) found.set(name, binding);
    }
  }
  return found;
}

/** Every name declared anywhere in the file, which a new one must not take. */
export function takenNames(source: Source): Set<string> {
  const taken = new Set<string>();
  for (const node of source.nodes()) if (node.type === "Identifier") taken.add(node.name as string);
  return taken;
}

/** A `const` of the same function further down: it does not exist yet. */
function comesLater(source: Source, id: Node, node: Node): boolean {
  return id.start > node.end && source.functionOf(id) === source.functionOf(node);
}

function declaredBy(scope: Node): Node[] {
  switch (scope.type) {
    case "Program":
    case "BlockStatement":
    case "StaticBlock":
      return list(scope, "body").flatMap(declaredIn);
    case "SwitchStatement":
      return list(scope, "cases").flatMap((c) => list(c, "consequent").flatMap(declaredIn));
    case "ForStatement":
      return declaredIn(child(scope, "init"));
    case "ForOfStatement":
    case "ForInStatement":
      return declaredIn(child(scope, "left"));
    case "CatchClause":
      return patternNames(child(scope, "param"));
    default:
      return isFunction(scope) ? (scope.params as Node[]).flatMap((p) => patternNames(p)) : [];
  }
}

function declaredIn(outer: Node | undefined): Node[] {
  const s = outer?.type.startsWith("Export") ? child(outer, "declaration") : outer;
  switch (s?.type) {
    case "VariableDeclaration":
      return list(s, "declarations").flatMap((d) => patternNames(child(d, "id")));
    case "ImportDeclaration":
      return s.importKind === "type"
        ? []
        : list(s, "specifiers").flatMap((x) =>
            x.importKind === "type" ? [] : patternNames(child(x, "local")),
          );
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "TSImportEqualsDeclaration":
      return patternNames(child(s, "id"));
    default:
      return [];
  }
}

/** The identifiers that read a name, by the identifier that declares it or one that can see the declaration. */
export function usesOf(source: Source, module: Module, id: Node): Node[] {
  const name = id.name as string;
  const bind = bindingsOf(module).get(id.start) ?? visibleAt(source, module, id).get(name);
  return (bind?.uses ?? []).flatMap(({ at }) => source.at([at[0], at[0] + name.length], "Identifier") ?? []);
}

const known = new WeakMap<Module, Map<number, Binding>>();

/** The bindings of a module, at any depth, by the offset of their declaration. */
function bindingsOf(module: Module): Map<number, Binding> {
  let found = known.get(module);
  if (found) return found;
  known.set(module, (found = new Map(module.bindings.map((b) => [b.at[0], b]))));
  for (const fn of module.fns) {
    for (const b of fn.params.flat()) found.set(b.at[0], b);
    collect(fn.body, found);
  }
  return found;
}

/** Finds what a body mentions; functions and classes inside it are in the module's own lists. */
function collect(part: Stmt[] | Stmt | Expr, found: Map<number, Binding>): void {
  if (Array.isArray(part)) {
    for (const p of part) collect(p, found);
    return;
  }
  if ("k" in part && part.k === "id" && part.bind) found.set(part.bind.at[0], part.bind);
  if ("s" in part && part.s === "try") for (const b of part.caught) found.set(b.at[0], b);
  for (const [key, value] of Object.entries(part)) {
    if (ELSEWHERE.has(key) || typeof value !== "object" || value === null) continue;
    if (Array.isArray(value)) {
      for (const v of value as unknown[]) if (typeof v === "object" && v !== null) collect(v as Expr, found);
    } else collect(value as Expr, found);
  }
}

/** What points out of a part, to where it is looked at by itself. */
const ELSEWHERE = new Set(["bind", "caught", "cls", "fn"]);

/** Where a name was declared, imports followed to the file of the program that exports it. */
export function declarationOf(
  project: Project,
  module: Module,
  bind: Binding,
  depth = 0,
): { module: Module; bind: Binding } | undefined {
  if (!bind.from) return { module: bind.owner.module, bind };
  const file = project.index.resolve(module.file, bind.from.specifier);
  const target = file === undefined ? undefined : project.module(file);
  return target && exportedBinding(project, target, bind.from.name, depth);
}

/** The names that a module exports and through which telemetry can be reached; `export *` included. */
export function exportedNames(project: Project, module: Module): Set<string> {
  const names = new Set(module.exports.keys());
  for (const name of project.marks.modules.get(module)?.names ?? []) names.add(name);
  return names;
}

/** The binding behind an exported name. */
export function exportedBinding(
  project: Project,
  module: Module,
  name: string,
  depth = 0,
): { module: Module; bind: Binding } | undefined {
  if (depth > 8) return undefined;
  const follow = (specifier: string, next: string): { module: Module; bind: Binding } | undefined => {
    const file = project.index.resolve(module.file, specifier);
    const target = file === undefined ? undefined : project.module(file);
    return target && exportedBinding(project, target, next, depth + 1);
  };
  const exported = module.exports.get(name);
  if (exported?.kind === "from") return follow(exported.specifier, exported.name);
  if (exported?.kind === "value")
    return exported.e.k === "id" && exported.e.bind
      ? declarationOf(project, module, exported.e.bind, depth + 1)
      : undefined;
  for (const specifier of module.reexports) {
    const found = follow(specifier, name);
    if (found) return found;
  }
  return undefined;
}

/** The function of the program that surrounds an offset most closely. */
export function innermostFn(module: Module, offset: number): Fn {
  let best = module.top;
  for (const fn of module.fns)
    if (fn.kind !== "module" && fn.at[0] <= offset && offset < fn.at[1] && fn.at[0] >= best.at[0]) best = fn;
  return best;
}
