import type { Edit, Refusal, Repair } from "../../src/finding.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import type { Span } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { loadings, specifierOfNew, usesImports, type Loading } from "../edit/imports.js";
import { child, list, openSource, type Source } from "../edit/source.js";
import { bedsOf } from "./beds.js";
import { environmentOf, readerBelow } from "./environment.js";
import { cutOut, withComments } from "./lines.js";
import { firstPlace, freeNeighbour } from "./place.js";
import { preloading } from "./preloading.js";
import { entriesBefore, isBehindAnother, objectionsIn, sceneOf, type Scene } from "./scene.js";
import { sliceOf, type Bed, type Slice } from "./slice.js";
import { loadingOf, takenOut, textOf } from "./write.js";

/**
 * Puts what starts an SDK, with everything that it uses, in front of everything that the program loads.
 * @param isHook only a hook of the loader patches what it is late for
 */
export function repairLateStart(
  broken: ChainBreak,
  at: Span,
  project: Project,
  isHook: boolean,
): Repair | Refusal {
  const scene = sceneOf(broken, project);
  if (!scene) return { refused: "nobody knows which program it belongs to" };
  const [name = "it"] = broken.names;
  if (isBehindAnother(scene, name))
    return { refused: "the start would come before another SDK, which sets the global tracer up now" };
  let reason = "stands in a function that something else calls";
  for (const { bed, seeds, alone } of bedsOf(scene, at)) {
    const slice = sliceFor(scene, bed, seeds, alone);
    if ("refused" in slice) {
      reason = slice.refused;
      continue;
    }
    const edits = edited(scene, slice, isHook);
    if (!("refused" in edits)) return { level: "review", title: `Start ${name} first`, edits: edits.edits };
    reason = edits.refused;
  }
  return { refused: `the start ${reason}` };
}

function sliceFor(scene: Scene, bed: Bed, seeds: readonly Node[], alone: boolean): Slice | Refusal {
  const { source, project } = scene;
  const objection = objectionsIn(scene, alone);
  const before = Math.max(
    ...seeds.map((s) => (bed.inside && bed.statements.includes(s) ? Infinity : s.start)),
  );
  const { loads, calls } = environmentOf(source, before, project);
  const slice = sliceOf(source, bed, [...seeds, ...calls], loads, project, objection);
  if ("refused" in slice || calls.length + loads.length > 0) return slice;
  // variables that another import reads would come too late
  const kept = loadings(source).filter((l) => !slice.loads.some(({ loading }) => loading.node === l.node));
  const reader = kept.find((l) => {
    const target = project.index.resolve(source.file, l.specifier);
    return target !== undefined && l.node.start < before && readerBelow(target, project) !== undefined;
  });
  if (!reader) return slice;
  const reason = objection(reader.specifier);
  return reason === undefined
    ? sliceOf(source, bed, seeds, [...loads, reader], project, objection)
    : { refused: `needs variables that ${reader.specifier} reads, and that ${reason}` };
}

/** In CommonJS a few lines move up; whatever is more becomes a file that is loaded first. */
function edited(scene: Scene, slice: Slice, isHook: boolean): { edits: Edit[] } | Refusal {
  const { source, runs, patchings, project } = scene;
  const early = entriesBefore(scene);
  if ("refused" in early) return early;
  const esm = usesImports(source);
  if (!esm && early.files.length === 0 && isShort(slice)) return { edits: movedUp(slice) };
  if (!esm && source.isTypeScript) return { refused: "is TypeScript that requires" };
  if (isApart(scene)) return { refused: "stands in a worker that loads no other file of the program" };
  const target = freeNeighbour(project, source.file);
  if (target === undefined) return { refused: "finds every name for a new file taken" };
  const flags = preloading(source, runs, patchings, target, project);
  if (isHook && flags.edits.length === 0) return { refused: "is started by no command that takes a flag" };
  const text = textOf(slice, flags.register);
  const created: Edit = { file: target, start: 0, end: 0, text, creates: true };
  const first = firstEdit(source, loadingOf(slice, specifierOfNew(project, source, target)));
  const others = early.files.map((from) => {
    const quoted = `${from.style.quote}${specifierOfNew(project, from, target)}${from.style.quote}`;
    const { semicolon } = from.style;
    return firstEdit(
      from,
      usesImports(from) ? `import ${quoted}${semicolon}` : `require(${quoted})${semicolon}`,
    );
  });
  return { edits: [created, first, ...takenOut(slice), ...others, ...flags.edits] };
}

/** A worker that imports no more than types of the program's own files is built, or run, by itself. */
function isApart({ source, runs }: Scene): boolean {
  const isOwn = (specifier: unknown): boolean => String(specifier).startsWith(".");
  const all = loadings(source);
  const isWorker =
    runs.some((run) => run.entry.file === source.file && run.entry.reason === "worker") ||
    all.some((l) => /^(?:tinypool|piscina|workerpool|(?:node:)?worker_threads)$/.test(l.specifier));
  const types = list(source.program, "body").filter((s) => s.importKind === "type");
  return (
    isWorker && types.some((s) => isOwn(child(s, "source")?.value)) && !all.some((l) => isOwn(l.specifier))
  );
}

function firstEdit(source: Source, text: string): Edit {
  const { at, first } = firstPlace(source);
  if (first) return source.insert(at, `${text}\n`);
  return source.insert(at, at === 0 || source.isFirstOnLine(at) ? `${text}\n\n` : `\n\n${text}`);
}

const isShort = ({ source, statements }: Slice): boolean =>
  statements.length <= 2 &&
  statements
    .map((s) => source.textOf(s))
    .join("\n")
    .split("\n").length <= 8;

/** The statements go to the first place of their file, with the modules that they load. */
function movedUp(slice: Slice): Edit[] {
  const { source, loads, statements } = slice;
  const { first } = firstPlace(source);
  const nodes = [...loads.map(({ loading }) => loading.node), ...statements];
  const [node] = nodes;
  const leads = first !== undefined && node === first.node;
  const moved = leads ? nodes.slice(1) : nodes;
  const { at } = firstPlace(source);
  const text = moved.map((n) => source.text.slice(...withComments(source, n))).join("\n");
  const place = leads ? source.insert(first.node.end, `\n${text}`) : source.insert(at, `${text}\n`);
  return [
    place,
    ...cutOut(
      source,
      moved.map((n) => withComments(source, n)),
    ),
  ];
}

/**
 * Preloads the file that an import leads to, which starts an SDK too late for what only a hook of the loader patches. The import stays:
 * it finds what was loaded.
 */
export function repairByPreload(broken: ChainBreak, loading: Loading, project: Project): Repair | Refusal {
  const refusal = {
    refused: "what only a hook of the loader patches needs a preload, and no command takes one",
  };
  const scene = sceneOf(broken, project);
  const target = scene && project.index.resolve(scene.source.file, loading.specifier);
  const started = target === undefined ? undefined : openSource(project, target);
  if (!scene || !started) return refusal;
  const flags = preloading(scene.source, scene.runs, scene.patchings, started.file, project);
  if (flags.edits.length === 0) return refusal;
  const edits = [...flags.edits];
  const last = loadings(started).findLast((l) => l.kind === "import");
  if (flags.register && !/\bregister\s*\(/.test(started.text)) {
    if (!last) return refusal;
    const [load, call] = flags.register;
    edits.push(firstEdit(started, load), started.insert(last.node.end, `\n\n${call}`));
  }
  return { level: "review", title: `Preload ${broken.names[0] ?? "it"}`, edits };
}
