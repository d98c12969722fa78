import { isHoisted } from "../src/loading/evaluation.js";
import type { Edit, Repair } from "../src/finding.js";
import type { Project } from "../src/program/project.js";
import type { Report } from "../src/program/view.js";
import type { Node } from "../src/syntax/parse.js";
import type { ChainRepair } from "./chain/repair.js";
import { loadings, type Loading } from "./edit/imports.js";
import { child, list, openSource, type Source } from "./edit/source.js";
import { removed } from "./exit/chain.js";
import { repairNotPreloaded } from "./loading/add-preload.js";
import { repairBundled } from "./loading/unbundle.js";
import { repairPreload } from "./loading/flags.js";

/** What is repaired where commands and bundles are written. */
const byCheck: Readonly<Record<string, ChainRepair>> = {
  preload: repairPreload,
  "not-preloaded": repairNotPreloaded,
  bundled: repairBundled,
};

/**
 * Moves what starts the SDK, or reads its variables, in front of everything else that the file loads.
 * @returns undefined where the start stands in a function, or in a file whose imports run first wherever it stands
 */
export function repairInstrumentFirst(report: Report, project: Project): Repair | undefined {
  const { details, at } = report;
  if (details?.kind !== "chain-break") return undefined;
  const ofManifest = byCheck[details.check];
  if (ofManifest) return ofManifest(details, project);
  if (!/^late-(start|environment)$/.test(details.check)) return undefined;
  // what only a hook of the loader patches is not helped by being loaded later
  if (details.names[3] === "hook") return undefined;
  const source = openSource(project, report.module.file);
  const all = source ? loadings(source) : [];
  const [first] = all;
  if (!source || !first) return undefined;
  const covers = (node: Node): boolean => node.start <= at[0] && at[1] <= node.end;
  const loading = all.find((l) => covers(l.node));
  const edits = loading
    ? moveLoading(source, loading, first)
    : isHoisted(source.file, project)
      ? undefined
      : moveStart(source, list(source.program, "body").find(covers), all, first);
  const title =
    details.check === "late-environment"
      ? "Read the variables first"
      : `Start ${details.names[0] ?? "it"} first`;
  return edits && { level: "review", title, edits };
}

/** The import, or the `require`, goes to the first place. */
function moveLoading(source: Source, { node }: Loading, first: Loading): Edit[] | undefined {
  if (node === first.node || !source.isFirstOnLine(first.node.start)) return undefined;
  return [source.insert(first.node.start, `${source.textOf(node)}\n`), removed(source, node)];
}

/** The start of a file whose imports stay where they are goes to the first place, with the imports that it uses. */
function moveStart(
  source: Source,
  statement: Node | undefined,
  all: readonly Loading[],
  first: Loading,
): Edit[] | undefined {
  if (!statement || !source.isFirstOnLine(first.node.start)) return undefined;
  const used = namesIn(source, statement);
  const needed = all.filter(({ node }) => namesOf(source, node).some((name) => used.has(name)));
  const imported = new Set(needed.flatMap(({ node }) => namesOf(source, node)));
  const made = new Set(namesOf(source, statement));
  const isOwn = (name: string): boolean => !imported.has(name) && !made.has(name) && declared(source, name);
  // what it uses besides is only made later
  if (needed.length === 0 || [...used].some(isOwn) || statement.type === "FunctionDeclaration")
    return undefined;
  const moved = needed.filter(({ node }) => node !== first.node);
  const behind = needed.length > moved.length;
  const text = [...moved.map(({ node }) => source.textOf(node)), source.textOf(statement)].join("\n");
  const at = behind ? first.node.end : first.node.start;
  return [
    source.insert(at, behind ? `\n${text}` : `${text}\n`),
    ...[...moved.map(({ node }) => node), statement].map((node) => removed(source, node)),
  ];
}

/** The names that an expression statement reads. */
function namesIn(source: Source, statement: Node): Set<string> {
  const names = new Set<string>();
  for (const node of source.nodes()) {
    const isInside = statement.start <= node.start && node.end <= statement.end;
    if (isInside && node.type === "Identifier") names.add(node.name as string);
  }
  return names;
}

/** The names that a statement which loads a module declares. */
function namesOf(source: Source, node: Node): string[] {
  if (node.type === "ImportDeclaration")
    return list(node, "specifiers").flatMap((s) => {
      const local = child(s, "local");
      return local ? [local.name as string] : [];
    });
  return list(node, "declarations").flatMap((d) => {
    const id = child(d, "id");
    if (!id) return [];
    return id.type === "Identifier" ? [id.name as string] : [...namesIn(source, id)];
  });
}

/** Whether the file declares a name at its top level. */
const declared = (source: Source, name: string): boolean =>
  list(source.program, "body").some((s) => {
    const own = child(s, "declaration") ?? s;
    const id = child(own, "id");
    if (id?.type === "Identifier" && id.name === name) return true;
    return namesOf(source, own).includes(name);
  });
