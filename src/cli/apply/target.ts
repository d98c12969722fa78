import { lstatSync, readFileSync, realpathSync, type Stats } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
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
  /** It is not there yet: its folder says who owns it, and it has no bytes. */
  isNew?: true;
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
  const named = nameInside(root, file);
  if ("refused" in named) return named;
  const { path, inside } = named;
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

/**
 * Looks at the place of a file that a repair brings: its folder is there and reached through no link, and nothing has its name.
 * @param lineEnd of the file that it is made from
 */
export function inspectPlace(root: string, file: string, lineEnd: Source["lineEnd"]): Target | Refusal {
  const named = nameInside(root, file);
  if ("refused" in named) return named;
  const { path, inside } = named;
  if (lstatSync(path, { throwIfNoEntry: false })) return { refused: "is there already" };
  try {
    const folder = lstatSync(dirname(path));
    if (!folder.isDirectory() || realpathSync(dirname(path)) !== join(root, dirname(inside)))
      return { refused: "would be reached through a link" };
    const source: Source = { text: "", bom: false, lineEnd };
    return {
      path,
      bytes: Buffer.alloc(0),
      source,
      mode: 0o666,
      uid: folder.uid,
      gid: folder.gid,
      isNew: true,
    };
  } catch {
    return { refused: "has no folder to be in" };
  }
}

/** The path of a file that belongs to the project itself. */
function nameInside(root: string, file: string): { path: string; inside: string } | Refusal {
  const path = resolve(root, file);
  const inside = relative(root, path);
  if (inside === "" || inside === ".." || inside.startsWith(`..${sep}`))
    return { refused: "is outside the root" };
  if (inside.split(sep).includes("node_modules")) return { refused: "is an installed package" };
  if (inside.split(sep).includes(".git")) return { refused: "belongs to git" };
  return { path, inside };
}
