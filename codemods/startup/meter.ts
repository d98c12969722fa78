import { evaluate } from "../../src/loading/evaluation.js";
import { topOf } from "../../src/loading/late.js";
import { providerStart } from "../../src/startup/early.js";
import type { ChainRepair } from "../edit/repair.js";
import { loadings, relativeSpecifier, usesImports } from "../edit/imports.js";
import { openSource } from "../edit/source.js";
import { removed } from "../exit/chain.js";

/** The entry loads the file of the start before all others; undefined where it starts the SDK by a call. */
export const startFirst: ChainRepair = (broken, project) => {
  const [entry] = broken.names;
  const run = project.runs().find((r) => r.entry.file === entry);
  const start = run && providerStart(run, project);
  const top = start && topOf(start);
  const source = run && openSource(project, run.entry.file);
  if (!source || !top || top.later || top.module.file === run.entry.file) return undefined;
  const moments = new Map([[top.module.file, [top.offset]]]);
  const path = evaluate(run.entry, moments, project).find((e) => e.kind === "moment")?.path ?? [];
  const all = loadings(source);
  const [first] = all;
  if (!first || path[0]?.file !== source.file || !source.isFirstOnLine(first.node.start)) return undefined;
  const own = path.length === 1 ? all.find((l) => l.specifier === path[0]?.specifier) : undefined;
  if (own === first) return undefined;
  const title = "Start OpenTelemetry first";
  if (own) {
    const moved = source.insert(first.node.start, `${source.textOf(own.node)}\n`);
    return { level: "review", title, edits: [moved, removed(source, own.node)] };
  }
  const specifier = relativeSpecifier(project, source, top.module.file);
  if (specifier === undefined) return undefined;
  const { quote, semicolon } = source.style;
  const named = `${quote}${specifier}${quote}`;
  const text = usesImports(source) ? `import ${named}` : `require(${named})`;
  return { level: "review", title, edits: [source.insert(first.node.start, `${text}${semicolon}\n`)] };
};
