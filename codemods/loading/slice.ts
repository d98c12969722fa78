import type { Refusal } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { loadings, type Loading } from "../edit/imports.js";
import { child, list, type Source } from "../edit/source.js";
import { declarationIn, declaredBy, isInside, namesIn, ownNodes } from "./names.js";

/** A list of statements from which some are to be moved: the top level, or the body of a function that it calls. */
export interface Bed {
  statements: readonly Node[];
  /** The statement of the top level in which the list stands; undefined for the top level itself. */
  inside: Node | undefined;
}

/** What has to go together. */
export interface Slice {
  source: Source;
  /** In source order. */
  statements: Node[];
  /** What the statements need to be loaded, with the names that they use; bare ones are there for what they do. */
  loads: { loading: Loading; names: Set<string> }[];
  /** What the rest of the file goes on to use of it. */
  shared: Set<string>;
}

/** What is asked about a module that a statement needs: a reason against it, or nothing. */
export type Objection = (specifier: string) => string | undefined;

/**
 * Statements with everything that they use: declarations of the same file with what those use, statements that work on what was
 * declared, and the modules that they load.
 */
export function sliceOf(
  source: Source,
  bed: Bed,
  seeds: readonly Node[],
  bare: readonly Loading[],
  project: Project,
  objection: Objection,
): Slice | Refusal {
  const top = list(source.program, "body");
  const all = loadings(source);
  const loadOf = new Map(all.flatMap((l) => declaredBy(l.node).map((name) => [name, l] as const)));
  const home = new Map(
    [...top, ...(bed.inside ? bed.statements : [])].flatMap((s) =>
      declaredBy(s).map((name) => [name, s] as const),
    ),
  );
  const moved = new Set<Node>();
  const needed = new Map(bare.map((l) => [l.node, new Set<string>()]));
  const work = [...seeds];
  for (let statement = work.pop(); statement; statement = work.pop()) {
    if (moved.has(statement)) continue;
    const fault = faultOf(source, statement, bed);
    if (fault !== undefined) return { refused: fault };
    moved.add(statement);
    for (const name of namesIn(source, statement)) {
      const loading = loadOf.get(name);
      if (loading) {
        const reason = isTypeOnly(loading.node) ? undefined : objection(loading.specifier);
        if (reason !== undefined) return { refused: reason };
        const names = needed.get(loading.node) ?? new Set<string>();
        needed.set(loading.node, names.add(name));
        continue;
      }
      const declaration = home.get(name);
      if (declaration) work.push(declaration);
      else if (isLocal(source, statement, name, bed))
        return { refused: `needs ${name}, which the program gives it` };
    }
    if (work.length === 0) work.push(...touching(source, bed, moved, project));
  }
  const statements = [...moved].sort((a, b) => a.start - b.start);
  const gone = [...statements, ...all.map((l) => l.node)];
  const rest = namesIn(source, source.program, gone);
  const made = statements.flatMap(declaredBy);
  const shared = new Set(made.filter((name) => rest.has(name)));
  const clash = statements
    .filter((s) => !top.includes(s))
    .flatMap(declaredBy)
    .find((name) => isTwice(top, all, name));
  if (clash !== undefined)
    return { refused: `declares ${clash}, a name that the file uses for something else` };
  const rewritten = [...shared].find((name) => isWritten(source, name, statements));
  if (rewritten !== undefined) return { refused: `declares ${rewritten}, which is written later` };
  for (const l of bare) {
    const reason = objection(l.specifier);
    if (reason !== undefined) return { refused: reason };
  }
  const loads = all.flatMap((loading) => {
    const names = needed.get(loading.node);
    return names ? [{ loading, names }] : [];
  });
  return { source, statements, loads, shared };
}

const isTypeOnly = (node: Node): boolean => node.importKind === "type";

/** What keeps a statement where it is. */
function faultOf(source: Source, statement: Node, bed: Bed): string | undefined {
  if (/^(Export(Default|All)|TSExportAssignment)/.test(statement.type)) return "is exported as a whole";
  if (statement.type === "ExportNamedDeclaration" && !child(statement, "declaration"))
    return "is in a list of exports";
  for (const node of ownNodes(source, statement)) {
    if (node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await === true))
      return "needs something that is awaited";
    if (node.type === "ReturnStatement" && bed.inside) return "ends its function";
    if (node.type === "ThisExpression" || node.type === "YieldExpression") return "belongs to its function";
  }
  const text = source.textOf(statement);
  if (/\b__filename\b|\brequire\.main\b|\bmodule\b\.|\bimport\.meta\.(?!env|url|dirname)/.test(text))
    return "asks for the file in which it stands";
  return undefined;
}

/** Statements before the last one that work on what was moved, or on the telemetry packages alone: `diag.setLogger()`. */
function touching(source: Source, bed: Bed, moved: ReadonlySet<Node>, project: Project): Node[] {
  const made = new Set([...moved].flatMap(variablesOf));
  const last = Math.max(...[...moved].filter((s) => bed.statements.includes(s)).map((s) => s.start));
  const isTelemetry = new Set(
    loadings(source).flatMap((l) =>
      l.specifier.startsWith("@opentelemetry/") || project.lookup.package(l.specifier)
        ? declaredBy(l.node)
        : [],
    ),
  );
  return bed.statements.filter((s) => {
    if (s.start > last || moved.has(s) || s.type !== "ExpressionStatement") return false;
    const e = child(s, "expression");
    if (/^process\s*\.\s*(on|once|addListener)\b/.test(source.textOf(s))) return false;
    if (e?.type === "AssignmentExpression" && /^process\.env\b/.test(source.textOf(s))) return true;
    const names = [...namesIn(source, s)];
    const worksOnMade = names.some((name) => made.has(name)) && firstNameOf(e, made);
    return (
      worksOnMade ||
      (names.length > 0 &&
        names.every((n) => isTelemetry.has(n) || globals.has(n)) &&
        names.some((n) => isTelemetry.has(n)))
    );
  });
}

const globals = new Set(["process", "console", "undefined", "Number", "String", "Boolean", "JSON"]);

const variablesOf = (statement: Node): string[] =>
  declarationIn(statement).type === "VariableDeclaration" ? declaredBy(statement) : [];

/** A call of a method, or an assignment to a member, of one of these. */
function firstNameOf(e: Node | undefined, names: ReadonlySet<string>): boolean {
  let at = e?.type === "AssignmentExpression" ? child(e, "left") : e;
  while (at && at.type !== "Identifier")
    at = child(at, "callee") ?? child(at, "object") ?? child(at, "argument") ?? child(at, "expression");
  return at !== undefined && names.has(at.name as string);
}

/** A parameter or variable of the functions around the list, which is not in the list itself. */
function isLocal(source: Source, statement: Node, name: string, bed: Bed): boolean {
  if (!bed.inside) return false;
  return !namesIn(source, bed.inside).has(name) && namesIn(source, statement).has(name);
}

const isTwice = (top: readonly Node[], all: readonly Loading[], name: string): boolean =>
  [...top, ...all.map((l) => l.node)].some((s) => declaredBy(s).includes(name));

/** Something other than the moved statements writes it. */
function isWritten(source: Source, name: string, moved: readonly Node[]): boolean {
  for (const node of source.nodes()) {
    const to =
      node.type === "AssignmentExpression"
        ? child(node, "left")
        : node.type === "UpdateExpression"
          ? child(node, "argument")
          : undefined;
    if (to?.type !== "Identifier" || to.name !== name) continue;
    const holder = moved.find((m) => isInside(node, m));
    const fn = source.functionOf(node);
    if (!holder || (fn && isInside(fn, holder))) return true;
  }
  return false;
}
