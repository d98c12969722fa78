import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { loadings, type Loading } from "../edit/imports.js";
import { child, list, type Source } from "../edit/source.js";
import { declaredBy } from "./names.js";

/** Packages that read `.env`. */
const PACKAGE = /^(dotenv|dotenv-safe|dotenv-flow|@dotenvx\/dotenvx|dotenv-expand)(\/config)?$/;

const CONFIG = /^(dotenv|dotenv-safe|dotenv-flow|@dotenvx\/dotenvx)\/config$/;

/** What reads the file of variables at the top level of a program, before a place in it. */
export interface Environment {
  /** Modules that are loaded for it. */
  loads: Loading[];
  /** Calls that do it. */
  calls: Node[];
}

/** What the file itself does; a module of its own that does it is loaded the same. */
export function environmentOf(source: Source, before: number, project: Project): Environment {
  const all = loadings(source);
  const named = new Set(all.filter((l) => PACKAGE.test(l.specifier)).flatMap((l) => declaredBy(l.node)));
  const calls = list(source.program, "body").filter(
    (s) => s.start < before && readsFile(source, s, named) && !all.some((l) => l.node === s),
  );
  const bare = all.filter((l) => declaredBy(l.node).length === 0);
  const direct = bare.filter((l) => CONFIG.test(l.specifier));
  // a module that reads it once more is of no matter
  const loads =
    direct.length + calls.length > 0
      ? direct
      : bare.filter((l) => leadsToIt(source.file, l.specifier, project));
  return { loads, calls };
}

/** A statement that calls `config()` of such a package, or `process.loadEnvFile()`. */
export function readsFile(source: Source, statement: Node, named: ReadonlySet<string>): boolean {
  if (statement.type !== "ExpressionStatement" && statement.type !== "VariableDeclaration") return false;
  const text = source.textOf(statement);
  if (/^process\.loadEnvFile\(/.test(text)) return true;
  const e =
    statement.type === "ExpressionStatement"
      ? child(statement, "expression")
      : child(list(statement, "declarations")[0], "init");
  if (e?.type !== "CallExpression") return false;
  if (
    /^require\(\s*["'](dotenv|dotenv-safe|dotenv-flow|@dotenvx\/dotenvx)["']\s*\)\.config\(/.test(
      source.textOf(e),
    )
  )
    return true;
  const callee = child(e, "callee");
  const base = callee?.type === "MemberExpression" ? child(callee, "object") : callee;
  return base?.type === "Identifier" && named.has(base.name as string);
}

/** A file of the program, loaded for what it does, that reads the variables. */
function leadsToIt(file: string, specifier: string, project: Project): boolean {
  const target = project.index.resolve(file, specifier);
  return target !== undefined && readerBelow(target, project) !== undefined;
}

/** The first file at or below another that reads the variables when it is loaded. */
export function readerBelow(file: string, project: Project, seen = new Set<string>()): string | undefined {
  if (seen.has(file) || seen.size > 300) return undefined;
  seen.add(file);
  const { index } = project;
  if (index.scan(file).imports.some((i) => PACKAGE.test(i.specifier))) return file;
  for (const edge of index.imports(file)) {
    if (edge.kind === "type" || edge.kind === "dynamic") continue;
    const found = readerBelow(edge.file, project, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}
