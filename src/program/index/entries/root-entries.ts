/** Entries that nothing names: files started in a worker, and the roots of the import graph. */
import { dirOf, joinPath } from "../paths.js";
import type { EntryContext, EntryList } from "./context.js";

/** Files that others start with `new Worker`, `fork` or `spawn`. */
export function addWorkers(context: EntryContext, list: EntryList): void {
  for (const file of context.sources) {
    if (context.isTest(file)) continue;
    for (const name of context.scan(file).workers) {
      const target = context.resolver.resolve(file, name) ?? fromPackage(context, file, name);
      if (target !== undefined && target !== file) list.add(target, "worker", { file });
    }
  }
}

/** `fork("./dist/worker.js")` is relative to the working directory, usually the package's folder. */
function fromPackage(context: EntryContext, file: string, name: string): string | undefined {
  const dir = context.resolver.packageOf(file)?.dir ?? "";
  const path = joinPath(dir, name);
  if (path === undefined) return undefined;
  return (
    context.resolver.packages.source(dir, dir === "" ? path : path.slice(dir.length + 1)) ??
    context.resolver.probe.any(joinPath(dirOf(file), name) ?? "")
  );
}

/** Files that no other file imports, tests aside; and, of files that only import each other, the first. */
export function addRoots(context: EntryContext, list: EntryList): void {
  const reached = new Set<string>();
  for (const start of list.starts) reach(context, start, reached);
  const rest: string[] = [];
  for (const file of context.sources) {
    if (context.isTest(file) || list.starts.has(file)) continue;
    if (context.graph.importers(file).some((importer) => !context.isTest(importer))) {
      rest.push(file);
      continue;
    }
    list.add(file, "root", { file });
    reach(context, file, reached);
  }
  for (const file of rest) {
    if (reached.has(file)) continue;
    list.add(file, "root", { file });
    reach(context, file, reached);
  }
}

function reach(context: EntryContext, start: string, reached: Set<string>): void {
  if (reached.has(start)) return;
  reached.add(start);
  const open = [start];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const edge of context.graph.imports(file)) {
      if (edge.kind === "type" || reached.has(edge.file)) continue;
      reached.add(edge.file);
      open.push(edge.file);
    }
  }
}
