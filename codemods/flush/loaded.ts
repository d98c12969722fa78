import type { Entry } from "../../src/program/index/types.js";
import type { Project } from "../../src/program/project.js";

const known = new WeakMap<Project, Map<Entry, Set<string>>>();

/** Every file that a program can load, its preloads and what it loads later on included. */
export function loadedBy(project: Project, entry: Entry): Set<string> {
  let entries = known.get(project);
  if (!entries) known.set(project, (entries = new Map()));
  const before = entries.get(entry);
  if (before) return before;
  const loaded = new Set<string>();
  const work = [entry.file, ...entry.preloads];
  for (let file = work.pop(); file !== undefined; file = work.pop()) {
    if (loaded.has(file)) continue;
    loaded.add(file);
    for (const edge of project.index.imports(file)) if (edge.kind !== "type") work.push(edge.file);
  }
  entries.set(entry, loaded);
  return loaded;
}
