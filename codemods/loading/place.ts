import { lstatSync, readdirSync } from "node:fs";
import { baseOf, dirOf } from "../../src/program/index/paths.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { loadings, type Loading } from "../edit/imports.js";
import { list, type Source } from "../edit/source.js";
import { withComments } from "./lines.js";

const NAMES = ["instrumentation", "*-instrumentation", "instrument", "*-instrument"];
const EXTENSION = /\.([cm]?[jt]s)x?$/;

/** A file beside another, of its kind, whose name nothing has; undefined where all are taken. */
export function freeNeighbour(
  project: Project,
  file: string,
  wished: readonly string[] = NAMES,
): string | undefined {
  const folder = dirOf(file);
  const extension = EXTENSION.exec(file)?.[1];
  if (extension === undefined) return undefined;
  const taken = namesIn(`${project.index.root}/${folder}`);
  // Next.js runs a file of this name by itself
  const json = project.index.packageOf(file)?.json;
  const own = baseOf(file).replace(EXTENSION, "");
  const names = wished
    .map((n) => n.replace("*", own))
    .filter((n) => n !== "instrumentation" || json?.dependencies?.["next"] === undefined);
  const name = names.find((n) => !taken.has(n));
  return name && (folder === "" ? `${name}.${extension}` : `${folder}/${name}.${extension}`);
}

/** What stands in a folder, without its extension: `./a` may mean each of them. */
function namesIn(folder: string): Set<string> {
  try {
    return lstatSync(folder).isDirectory()
      ? new Set(readdirSync(folder).map((name) => name.replace(/\..*$/, "")))
      : new Set();
  } catch {
    return new Set();
  }
}

/** Packages that teach the loader what it needs for the files of the program, or must see every error from the beginning. */
const LOADERS =
  /^(tsconfig-paths|module-alias|ts-node|@babel|@swc-node|esbuild-register|source-map-support|core-js|regenerator-runtime|app-module-path|tsx)(\/|$)/;

/** Where the first import of a file stands, with its comments; behind what prepares the loader. */
export function firstPlace(source: Source): { at: number; first: Loading | undefined } {
  const first = loadings(source).find((l) => !LOADERS.test(l.specifier));
  if (first) return { at: withComments(source, first.node)[0], first };
  const body = list(source.program, "body");
  const directive = body.findLast((s) => typeof s.directive === "string");
  const next: Node | undefined = body.find((s) => s.start > (directive?.end ?? -1));
  return { at: next ? withComments(source, next)[0] : (directive?.end ?? 0), first: undefined };
}
