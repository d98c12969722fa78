import { evaluate } from "../../src/loading/evaluation.js";
import { topOf } from "../../src/loading/late.js";
import { providerStart } from "../../src/startup/early.js";
import type { ChainRepair } from "../chain/repair.js";
import { loadings } from "../edit/imports.js";
import { openSource } from "../edit/source.js";
import { removed } from "../exit/chain.js";

/** The import of the entry that leads to the start goes to the first place; undefined where the entry starts it by a call. */
export const startFirst: ChainRepair = (broken, project) => {
  const { file } = broken.fn.module;
  const run = project.runs().find((r) => r.files.has(file) && providerStart(r, project) !== undefined);
  const start = run && providerStart(run, project);
  const top = start && topOf(start);
  if (!run || !top || top.later || top.module.file === run.entry.file) return undefined;
  const [moment] = evaluate(run.entry, new Map([[top.module.file, [top.offset]]]), project).filter(
    (e) => e.kind === "moment",
  );
  const [edge] = moment?.path ?? [];
  const source = edge && openSource(project, edge.file);
  const all = source ? loadings(source) : [];
  const [first] = all;
  const loading = all.find((l) => l.specifier === edge?.specifier);
  if (!source || !first || !loading || loading.node === first.node) return undefined;
  if (!source.isFirstOnLine(first.node.start)) return undefined;
  return {
    level: "review",
    title: "Start OpenTelemetry first",
    edits: [
      source.insert(first.node.start, `${source.textOf(loading.node)}\n`),
      removed(source, loading.node),
    ],
  };
};
