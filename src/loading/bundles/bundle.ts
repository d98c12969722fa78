import { baseOf, joinPath } from "../../program/index/paths.js";
import type { Project } from "../../program/project.js";
import type { Call, Fn, Span } from "../../syntax/ir.js";

/** One bundle that a command or a script of the project makes for Node. */
export interface Bundle {
  tool: "esbuild" | "ncc" | "webpack" | "tsup" | "Rollup" | "Vite";
  fn: Fn;
  /** Where it is asked to put packages into the bundle. */
  at: Span;
  call?: Call;
  /** The source of the program. */
  entry: string;
  /** Files that it may write, from the root of the project. */
  outputs: readonly string[];
  /** Packages that stay outside; `*` stands for anything. */
  external: readonly string[];
}

/** The source that a path means, seen from the folder of a package. */
export const entryOf = (path: string, dir: string, project: Project): string | undefined =>
  project.index.commandLines.entriesOf([{ kind: "file", file: path, preloads: [], cwd: [] }], [dir])[0]?.file;

/** The files that bundling an entry may write. */
export function outputsOf(
  entry: string,
  { file, dir }: { file: string | undefined; dir: string | undefined },
  base: string,
): string[] {
  const name = baseOf(entry).replace(/\.\w+$/, "");
  const paths =
    file !== undefined
      ? [file]
      : dir === undefined
        ? []
        : [".js", ".cjs", ".mjs"].map((e) => `${dir}/${name}${e}`);
  return paths.flatMap((path) => joinPath(base, path.replace(/^\.\//, "")) ?? []);
}

/** Whether a package, or the module of one, stays outside of a bundle. */
export const isExternal = (specifier: string, { external }: Bundle): boolean =>
  external.some((pattern) => {
    if (!pattern.includes("*")) return specifier === pattern || specifier.startsWith(`${pattern}/`);
    const [head = "", tail = ""] = pattern.split("*");
    return specifier.startsWith(head) && specifier.endsWith(tail);
  });
