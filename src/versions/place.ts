import { createRequire } from "node:module";
import type * as JsoncParser from "jsonc-parser";
import type { Project } from "../program/project.js";
import { manifestPlace } from "../program/manifest-place.js";
import type { Fn, Span } from "../syntax/ir.js";
import { dependencyLists, type Dependency } from "./installed.js";

const require = createRequire(import.meta.url);

/** The line of a package.json that asks for a dependency. */
export interface DependencyPlace {
  fn: Fn;
  /** The name and the range. */
  at: Span;
  /** The range, with its quotes. */
  range: Span;
}

/** Where a dependency is asked for; undefined when the package.json cannot be read. */
export function placeOf(
  { dir, name }: Pick<Dependency, "dir" | "name">,
  project: Project,
): DependencyPlace | undefined {
  const file = dir === "" ? "package.json" : `${dir}/package.json`;
  const text = project.index.read(file);
  if (text === undefined) return undefined;
  const { parseTree, findNodeAtLocation } = require("jsonc-parser") as typeof JsoncParser;
  const tree = parseTree(text);
  for (const list of dependencyLists) {
    const range = tree && findNodeAtLocation(tree, [list, name]);
    const entry = range?.parent;
    if (range?.type !== "string" || !entry) continue;
    return {
      fn: manifestPlace(file, text),
      at: [entry.offset, entry.offset + entry.length],
      range: [range.offset, range.offset + range.length],
    };
  }
  return undefined;
}
