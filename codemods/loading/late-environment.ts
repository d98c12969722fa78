import type { Edit, Refusal, Repair } from "../../src/finding.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import type { Span } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { loadings, specifierOfNew, usesImports, type Loading } from "../edit/imports.js";
import { child, list, openSource, type Source } from "../edit/source.js";
import { cutOut, withComments } from "./lines.js";
import { moveLoading } from "./move.js";
import { declaredBy, namesIn } from "./names.js";
import { firstPlace, freeNeighbour } from "./place.js";
import { sliceOf } from "./slice.js";
import { loadingOf, takenOut, textOf } from "./write.js";

const title = "Read the variables first";
const PACKAGE = /^(dotenv|dotenv-safe|dotenv-flow|@dotenvx\/dotenvx)(\/config)?$/;

/** A call that reads the variables comes first: as an import of its package, or in a file of its own where it has options. */
export function repairLateEnvironment(
  broken: ChainBreak,
  at: Span,
  project: Project,
): Repair | Refusal | undefined {
  const { file } = broken.fn.module;
  const source = openSource(project, file);
  const statement = source && list(source.program, "body").find((s) => s.start <= at[0] && at[1] <= s.end);
  if (!source || !statement) return undefined;
  const preload = preloadOf(broken, project);
  if (preload) return inPreload(preload, source, statement);
  const loading = loadings(source).find((l) => l.node === statement);
  if (loading) return movedImport(source, loading);
  if (!usesImports(source)) return movedUp(source, statement);
  return asImport(source, statement) ?? asFile(source, statement, project);
}

/** The import, or the `require`, goes to the first place. */
function movedImport(source: Source, loading: Loading): Repair | undefined {
  const edits = moveLoading(source, loading, undefined);
  return edits && { level: "review", title, edits };
}

/** A preload that starts the SDK: what the program loads comes too late for it, wherever it stands. */
function preloadOf(broken: ChainBreak, project: Project): Source | undefined {
  const start = broken.others?.[0]?.fn.module.file;
  if (start === undefined) return undefined;
  const { index } = project;
  const run = project.runs().find((r) => r.entry.file === broken.fn.module.file && r.files.has(start));
  const preload = run?.entry.preloads.find(
    (p) => p === start || index.imports(p).some((edge) => edge.file === start),
  );
  return preload === undefined ? undefined : openSource(project, preload);
}

function inPreload(preload: Source, source: Source, statement: Node): Repair | Refusal {
  const { quote, semicolon } = preload.style;
  const name = packageOf(source, statement);
  if (name === undefined || hasOptions(statement))
    return { refused: "the call that reads the variables is given options" };
  const specifier = `${quote}${name}/config${quote}`;
  const line = usesImports(preload) ? `import ${specifier}${semicolon}` : `require(${specifier})${semicolon}`;
  const { at, first } = firstPlace(preload);
  const edit = preload.insert(at, first ? `${line}\n` : `${line}\n\n`);
  return { level: "review", title, edits: [edit] };
}

/** The package whose `config()` the statement calls, or that it loads. */
function packageOf(source: Source, statement: Node): string | undefined {
  const all = loadings(source);
  const names = namesIn(source, statement);
  const loading =
    all.find((l) => l.node === statement) ??
    all.find((l) => PACKAGE.test(l.specifier) && declaredBy(l.node).some((name) => names.has(name)));
  const inline = /require\(\s*["'](dotenv(?:-safe|-flow)?|@dotenvx\/dotenvx)["']/.exec(
    source.textOf(statement),
  );
  const specifier = loading?.specifier ?? inline?.[1];
  return specifier !== undefined && PACKAGE.test(specifier) ? specifier.replace(/\/config$/, "") : undefined;
}

const hasOptions = (statement: Node): boolean =>
  statement.type === "VariableDeclaration" || list(child(statement, "expression"), "arguments").length > 0;

/** `require` stays where it is written: the call goes up with what it needs. */
function movedUp(source: Source, statement: Node): Repair | Refusal {
  const all = loadings(source);
  const used = namesIn(source, statement);
  const needed = all.filter((l) => declaredBy(l.node).some((name) => used.has(name)));
  const own = list(source.program, "body").filter(
    (s) => s !== statement && !all.some((l) => l.node === s) && declaredBy(s).some((name) => used.has(name)),
  );
  if (own.length > 0)
    return { refused: `the call needs ${declaredBy(own[0] ?? statement)[0] ?? "what the file makes"}` };
  const { at, first } = firstPlace(source);
  const leads = first !== undefined && needed.some((l) => l.node === first.node);
  const moved = [...needed.map((l) => l.node).filter((n) => !leads || n !== first.node), statement];
  const text = moved.map((n) => source.text.slice(...withComments(source, n))).join("\n");
  const edits: Edit[] = [
    leads ? source.insert(first.node.end, `\n${text}`) : source.insert(at, `${text}\n`),
    ...cutOut(
      source,
      moved.map((n) => withComments(source, n)),
    ),
  ];
  return { level: "review", title, edits };
}

/** `dotenv.config()` is what `import "dotenv/config"` does. */
function asImport(source: Source, statement: Node): Repair | undefined {
  const name = packageOf(source, statement);
  if (name === undefined || hasOptions(statement) || statement.type !== "ExpressionStatement")
    return undefined;
  const all = loadings(source);
  const loading = all.find((l) => l.specifier === name);
  const rest = namesIn(source, source.program, [statement, ...all.map((l) => l.node)]);
  const gone: Loading[] = loading && declaredBy(loading.node).every((n) => !rest.has(n)) ? [loading] : [];
  const { quote, semicolon } = source.style;
  const edits = [
    source.insert(firstPlace(source).at, `import ${quote}${name}/config${quote}${semicolon}\n`),
    ...cutOut(
      source,
      [statement, ...gone.map((l) => l.node)].map((n) => withComments(source, n)),
    ),
  ];
  return { level: "review", title, edits };
}

function asFile(source: Source, statement: Node, project: Project): Repair | Refusal {
  const bed = { statements: list(source.program, "body"), inside: undefined };
  const slice = sliceOf(source, bed, [statement], [], project, (specifier) =>
    project.index.resolve(source.file, specifier) === undefined ? undefined : `needs ${specifier}`,
  );
  if ("refused" in slice) return { refused: `the call ${slice.refused}` };
  const target = freeNeighbour(project, source.file, ["environment", "load-env", "*-environment"]);
  if (target === undefined) return { refused: "every name for a new file is taken" };
  const created: Edit = { file: target, start: 0, end: 0, text: textOf(slice), creates: true };
  const first = loadingOf(slice, specifierOfNew(project, source, target));
  const edits = [created, source.insert(firstPlace(source).at, `${first}\n`), ...takenOut(slice)];
  return { level: "review", title, edits };
}
