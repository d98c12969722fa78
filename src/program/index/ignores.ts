/** Which paths the project's `.gitignore` files leave out. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import ignore, { type Ignore } from "ignore";

/** The `.gitignore` of one folder. `prefix` is the length of that folder's path, slash included, within the tested path. */
interface Layer {
  prefix: number;
  /** Put before the tested path: where the root lies below the folder of the file. */
  above: string;
  rules: Ignore;
}

/** Layers that hold in a folder, outermost first. */
export type IgnoreChain = readonly Layer[];

/** Lines git could take but that no pattern needs; longer ones only cost time. */
const longestPattern = 1000;

/** Each star in a part of a path multiplies the ways to match it. */
const mostStars = 4;

/** A pattern that would take the library long to match, or that no file name can match. */
function isHostile(line: string): boolean {
  if (line.length > longestPattern || line.includes("\0")) return true;
  const stars = line.split("/").map((part) => part.split("*").length - 1);
  return (
    stars.some((count) => count > mostStars) || stars.reduce((sum, count) => sum + count, 0) > 4 * mostStars
  );
}

function parse(text: string): Ignore | undefined {
  const rules = ignore({ allowRelativePaths: true });
  let any = false;
  for (const line of text.split(/\r?\n/)) {
    if (line === "" || line.startsWith("#") || isHostile(line)) continue;
    try {
      // A pattern that makes no regular expression throws only when it is used.
      const probe = ignore({ allowRelativePaths: true }).add(line);
      probe.ignores("a/b");
      rules.add(line);
      any = true;
    } catch {
      continue;
    }
  }
  return any ? rules : undefined;
}

/** The chain below a folder that has a `.gitignore` with this text. `dir` is relative to the root. */
export function withIgnoreFile(chain: IgnoreChain, dir: string, text: string): IgnoreChain {
  const rules = parse(text);
  return rules === undefined
    ? chain
    : [...chain, { prefix: dir === "" ? 0 : dir.length + 1, above: "", rules }];
}

/**
 * The layers of the folders above the root, up to the top of its git work tree (none when the root is not in one):
 * a package analysed alone is still built into the `dist` that the repository ignores.
 */
export function layersAbove(root: string): IgnoreChain {
  if (existsSync(path.join(root, ".git"))) return [];
  const layers: Layer[] = [];
  let dir = root;
  for (;;) {
    const parent = path.dirname(dir);
    if (parent === dir) return [];
    dir = parent;
    try {
      const rules = parse(readFileSync(path.join(dir, ".gitignore"), "utf8"));
      if (rules !== undefined) {
        layers.unshift({ prefix: 0, above: path.relative(dir, root).split(path.sep).join("/") + "/", rules });
      }
    } catch {
      // No readable .gitignore there.
    }
    if (existsSync(path.join(dir, ".git"))) return layers;
  }
}

/** Whether git would leave out the path; `isDir` adds the slash that folder patterns ask for. The innermost layer that knows wins. */
export function isIgnored(chain: IgnoreChain, file: string, isDir: boolean): boolean {
  for (let i = chain.length - 1; i >= 0; i--) {
    const layer = chain[i];
    if (layer === undefined) continue;
    const tested = layer.above + file.slice(layer.prefix) + (isDir ? "/" : "");
    const verdict = layer.rules.test(tested);
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}
