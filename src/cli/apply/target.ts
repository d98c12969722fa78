import { lstatSync, readFileSync, realpathSync, type Stats } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { decode, type Source } from "./source.js";

/** A file that may be rewritten, as it is on disk. */
export interface Target {
  path: string;
  bytes: Buffer;
  source: Source;
  /** Permission bits, to be kept. */
  mode: number;
  uid: number;
  gid: number;
}

/** Why a file is left alone, as the end of a sentence that starts with the file's name. */
export interface Refusal {
  refused: string;
}

/** Headers by which generators mark what they wrote; only the head of a file is looked at. */
const generatedHeader =
  /(?<![\w-])@generated\b|\bgenerated\b[^\n]*\n?[^\n]*\bdo not (?:edit|modify|change)\b/i;
const headLength = 1000;

/**
 * Reads a file that is to be rewritten, unless that would be wrong: outside the root, through a link, read-only, not
 * UTF-8, installed or generated.
 * @param root real path of the root
 * @param file relative to the root, forward slashes
 */
export function inspectTarget(root: string, file: string): Target | Refusal {
  const path = resolve(root, file);
  const inside = relative(root, path);
  if (inside === "" || inside === ".." || inside.startsWith(`..${sep}`))
    return { refused: "is outside the root" };
  if (inside.split(sep).includes("node_modules")) return { refused: "is an installed package" };
  if (inside.split(sep).includes(".git")) return { refused: "belongs to git" };
  let stats: Stats;
  let bytes: Buffer;
  try {
    stats = lstatSync(path);
    if (stats.isSymbolicLink()) return { refused: "is a link" };
    if (!stats.isFile()) return { refused: "is not a regular file" };
    if (realpathSync(path) !== join(root, inside)) return { refused: "is reached through a link" };
    if ((stats.mode & 0o222) === 0) return { refused: "is read-only" };
    bytes = readFileSync(path);
  } catch (error) {
    return { refused: `cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
  const source = decode(bytes);
  if (!source) return { refused: "is not UTF-8 text" };
  if (generatedHeader.test(source.text.slice(0, headLength))) {
    return { refused: "is generated: repair its source or its generator" };
  }
  return { path, bytes, source, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
}
