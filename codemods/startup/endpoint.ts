import { evaluate, isHoisted, type Edge, type LoadEvent } from "../../src/loading/evaluation.js";
import type { Edit } from "../../src/finding.js";
import { dirOf } from "../../src/program/index/paths.js";
import type { Project } from "../../src/program/project.js";
import type { ChainRepair } from "../edit/repair.js";
import { importEdits, loadings, relativeSpecifier } from "../edit/imports.js";
import { child, list, openSource, type Source } from "../edit/source.js";
import type { Node } from "../../src/syntax/parse.js";
import { removed } from "../exit/chain.js";

/** Packages that nothing patches: to load them before the SDK changes nothing. */
const plain = /^(?:node:)?(?:fs|fs\/promises|path|os|url|util|process|crypto)$|^dotenv(?:\/config)?$/;

/**
 * Sets a variable before what reads it: the file that sets it is loaded first, or the statement moves, in front of the `require` of what
 * reads it, or into its file.
 */
export const setFirst: ChainRepair = (broken, project) => {
  const { fn, at, others } = broken;
  const reader = others?.[0];
  const run = project
    .runs()
    .find((r) => r.files.has(fn.module.file) && reader !== undefined && r.files.has(reader.fn.module.file));
  if (!reader || !run) return undefined;
  const moments = new Map<string, number[]>();
  for (const { file, offset } of [
    { file: fn.module.file, offset: at[0] },
    { file: reader.fn.module.file, offset: reader.at[0] },
  ])
    moments.set(file, [...(moments.get(file) ?? []), offset]);
  const events = evaluate(run.entry, moments, project);
  const pathTo = (file: string, offset: number): readonly Edge[] | undefined =>
    events.find((e) => e.kind === "moment" && e.file === file && e.offset === offset)?.path;
  const set = pathTo(fn.module.file, at[0]);
  const read = pathTo(reader.fn.module.file, reader.at[0]);
  if (!set || !read) return undefined;
  let same = 0;
  while (same < Math.min(set.length, read.length) && isSame(set[same], read[same])) same++;
  const [setter, loader] = [set[same], read[same]];
  const edits =
    setter && loader && setter.file === loader.file
      ? loadedFirst(setter, loader, same, events, project)
      : setter
        ? undefined
        : moved(fn.module.file, at[0], reader.fn.module.file, reader.at[0], loader, project);
  return edits && { level: "review", title: `Set \`${broken.names[1] ?? ""}\` first`, edits };
};

const isSame = (a: Edge | undefined, b: Edge | undefined): boolean =>
  a !== undefined && a.file === b?.file && a.specifier === b.specifier;

/** One file loads both: what sets the variable goes in front of what reads it, where it loads nothing that an SDK patches. */
function loadedFirst(
  setter: Edge,
  reader: Edge,
  depth: number,
  events: readonly LoadEvent[],
  project: Project,
): Edit[] | undefined {
  const source = openSource(project, setter.file);
  const all = source ? loadings(source) : [];
  const late = all.find((l) => l.specifier === setter.specifier)?.node;
  const early = all.find((l) => l.specifier === reader.specifier)?.node;
  const brings = events.filter((e) => e.kind === "package" && isSame(e.path[depth], setter));
  if (!source || !late || !early || late.start < early.start) return undefined;
  if (brings.some((e) => e.kind === "package" && !plain.test(e.specifier))) return undefined;
  if (!source.isFirstOnLine(early.start)) return undefined;
  return [source.insert(early.start, `${source.textOf(late)}\n`), removed(source, late)];
}

/** The statement that sets the variable goes in front of the statement that reads it, or that loads what does. */
function moved(
  file: string,
  at: number,
  readerFile: string,
  readerAt: number,
  loader: Edge | undefined,
  project: Project,
): Edit[] | undefined {
  const source = openSource(project, file);
  const isAround = (offset: number) => (s: Node) => s.start <= offset && offset < s.end;
  const statement = source && list(source.program, "body").find(isAround(at));
  if (!source || !statement) return undefined;
  const away = loader && isHoisted(file, project) && readerFile !== file;
  const target = away ? openSource(project, readerFile) : source;
  const before = away
    ? target && list(target.program, "body").find(isAround(readerAt))
    : loader
      ? loadings(source).find((l) => l.specifier === loader.specifier)?.node
      : list(source.program, "body").find(isAround(readerAt));
  if (!target || !before || !target.isFirstOnLine(before.start) || before === statement) return undefined;
  if (away && dirOf(file) !== dirOf(readerFile) && /\brequire\(|\bimport\b/.test(source.textOf(statement)))
    return undefined;
  const brought = importsFor(source, statement, away ? target : undefined, before, project);
  if (!brought) return undefined;
  const start = withComments(source, statement);
  const line = `${source.text.slice(start, statement.end)}\n`;
  return [...brought, target.insert(before.start, line), takenOut(source, { ...statement, start })];
}

/** Where the comments begin that stand right above a statement. */
function withComments(source: Source, statement: Node): number {
  const above = /(?:^|\n)((?:[ \t]*\/\/[^\n]*\n)+)[ \t]*$/.exec(source.text.slice(0, statement.start))?.[1];
  return above === undefined ? statement.start : source.lineStart(statement.start) - above.length;
}

/** The statement goes, with one of the two empty lines that it stood between. */
function takenOut(source: Source, statement: Node): Edit {
  const edit = removed(source, statement);
  const gap = /^\r?\n/.exec(source.text.slice(edit.end));
  return gap && /\n\r?\n$/.test(source.text.slice(0, edit.start))
    ? { ...edit, end: edit.end + gap[0].length }
    : edit;
}

/** What the statement needs from its file at its new place; undefined where it needs what is only made there. */
function importsFor(
  source: Source,
  statement: Node,
  target: Source | undefined,
  before: Node,
  project: Project,
): Edit[] | undefined {
  const edits: Edit[] = [];
  for (const name of namesIn(source, statement)) {
    const made = list(source.program, "body").find((s) => declares(source, s, name));
    if (!made) continue;
    if (!target) {
      if (made.type === "ImportDeclaration" && isHoisted(source.file, project)) continue;
      if (made.start < before.start) continue;
      return undefined;
    }
    const brought =
      made.type === "ImportDeclaration" ? imported(source, made, name, target, project) : undefined;
    if (!brought || new RegExp(`\\b${name}\\b`).test(target.text)) return undefined;
    edits.push(...brought, ...dropped(source, made, name, statement));
  }
  return edits;
}

/** The import of a name, in another file. */
function imported(
  source: Source,
  node: Node,
  local: string,
  target: Source,
  project: Project,
): Edit[] | undefined {
  const written = child(node, "source")?.value;
  const specifiers = list(node, "specifiers");
  const own = specifiers.find((s) => child(s, "local")?.name === local);
  if (typeof written !== "string" || !own) return undefined;
  const file = project.index.resolve(source.file, written);
  if (file === undefined && !plain.test(written)) return undefined;
  const specifier = file === undefined ? written : relativeSpecifier(project, target, file);
  if (specifier === undefined) return undefined;
  const name =
    own.type === "ImportSpecifier"
      ? (child(own, "imported")?.name as string | undefined)
      : own.type === "ImportDefaultSpecifier"
        ? "default"
        : "*";
  return name === undefined
    ? undefined
    : importEdits(target, { name, local, specifier }, (s) => s === specifier);
}

/** An import goes whose only name nothing else uses. */
function dropped(source: Source, node: Node, name: string, statement: Node): Edit[] {
  if (list(node, "specifiers").length !== 1) return [];
  const rest =
    source.text.slice(0, node.start) +
    source.text.slice(node.end, statement.start) +
    source.text.slice(statement.end);
  return new RegExp(`\\b${name}\\b`).test(rest) ? [] : [removed(source, node)];
}

/** The names that a statement reads, but for those of members and keys. */
function namesIn(source: Source, statement: Node): Set<string> {
  const names = new Set<string>();
  for (const node of source.nodes()) {
    if (node.type !== "Identifier" || node.start < statement.start || node.end > statement.end) continue;
    const parent = source.parentOf(node);
    const isMember = parent?.type === "MemberExpression" && child(parent, "property") === node;
    const isKey = parent?.type === "Property" && child(parent, "key") === node && parent.shorthand !== true;
    if (!(isMember && parent.computed !== true) && !isKey) names.add(node.name as string);
  }
  return names;
}

/** Whether a statement at the top level makes a name. */
function declares(source: Source, s: Node, name: string): boolean {
  if (s.type === "ImportDeclaration")
    return list(s, "specifiers").some((part) => child(part, "local")?.name === name);
  const own = child(s, "declaration") ?? s;
  if (child(own, "id")?.name === name) return true;
  return list(own, "declarations").some((d) => {
    const id = child(d, "id");
    return (
      id !== undefined && (id.name === name || (id.type !== "Identifier" && namesIn(source, id).has(name)))
    );
  });
}
