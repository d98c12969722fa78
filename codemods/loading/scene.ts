import type { Refusal } from "../../src/finding.js";
import { evaluate } from "../../src/loading/evaluation.js";
import { isUsed } from "../../src/loading/late.js";
import { isPatched, patchingsOf, type Patching } from "../../src/loading/patched.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import type { Run } from "../../src/program/program.js";
import { openSource, type Source } from "../edit/source.js";
import type { Objection } from "./slice.js";

/** A start that comes too late, and the programs in which it does. */
export interface Scene {
  source: Source;
  runs: Run[];
  patchings: Patching[];
  project: Project;
}

/** The programs that load the file of a finding, and what the SDK of its name patches in them. */
export function sceneOf(broken: ChainBreak, project: Project): Scene | undefined {
  const { file } = broken.fn.module;
  const source = openSource(project, file);
  const runs = project.runs().filter((run) => run.files.has(file));
  const patchings = runs.flatMap((run) =>
    patchingsOf(run, project).filter((p) => p.name === broken.names[0]),
  );
  return source && patchings.length > 0 ? { source, runs, patchings, project } : undefined;
}

/** The first patched module that a file of the scene gets by one of its imports. */
export function patchedBelow(
  { source, runs, patchings, project }: Scene,
  specifier: string,
): string | undefined {
  const isOne = (name: string): boolean => patchings.some((p) => isPatched(name, p.modules));
  const target = project.index.resolve(source.file, specifier);
  const [run] = runs;
  if (target === undefined || !run) return isOne(specifier) ? specifier : undefined;
  const events = evaluate({ ...run.entry, file: target, preloads: [] }, new Map(), project);
  const early = events.find((e) => e.kind === "package" && isOne(e.specifier) && isUsed(e, project));
  return early?.kind === "package" ? early.specifier : undefined;
}

/**
 * What the file that starts telemetry must not load.
 * @param alone it must load nothing but telemetry
 */
export function objectionsIn(scene: Scene, alone: boolean): Objection {
  const { source, runs, project } = scene;
  const isQuiet = (specifier: string): boolean =>
    /^(node:|@opentelemetry\/|dotenv)|^[a-z_]+$/.test(specifier) ||
    project.lookup.package(specifier) !== undefined;
  const [run] = runs;
  return (specifier) => {
    const target = project.index.resolve(source.file, specifier);
    const patched = patchedBelow(scene, specifier);
    if (patched !== undefined)
      return target === undefined
        ? `needs ${specifier}, which has to come later`
        : `needs ${specifier}, which loads ${patched}`;
    if (target === undefined || !run)
      return alone && !isQuiet(specifier) ? `needs ${specifier} as well` : undefined;
    const files = project.index.evaluationOrder({ ...run.entry, file: target, preloads: [] });
    return files.includes(source.file) ? `needs ${specifier}, which loads the file itself` : undefined;
  };
}

/** Entries that load what has to be patched before they come to the file. */
export function entriesBefore({ source, runs, patchings, project }: Scene): { files: Source[] } | Refusal {
  const files = new Set<string>();
  for (const run of runs) {
    const begin = -2e9;
    const events = evaluate(run.entry, new Map([[source.file, [begin]]]), project);
    const met = events.findIndex((e) => e.kind === "moment");
    const isEarly = events
      .slice(0, Math.max(met, 0))
      .some(
        (e) =>
          e.kind === "package" &&
          patchings.some((p) => isPatched(e.specifier, p.modules)) &&
          isUsed(e, project),
      );
    if (isEarly) for (const entry of run.entries) files.add(entry.file);
  }
  const found = [...files].flatMap((file) => openSource(project, file) ?? []);
  const own = project.index.packageOf(source.file)?.dir;
  if (found.length > 3 || found.some((f) => project.index.packageOf(f.file)?.dir !== own))
    return { refused: "is loaded too late by several programs" };
  return { files: found.filter((f) => f.file !== source.file) };
}

/** The vendors of which the first one gets the global tracer of the OpenTelemetry API. */
const REGISTERS = new Set(["OpenTelemetry", "Sentry"]);

/** Another SDK that gets the global tracer is started before this one, and would come behind it. */
export function isBehindAnother({ runs, project }: Scene, name: string): boolean {
  if (!REGISTERS.has(name)) return false;
  return runs.some((run) => {
    const starts = [...run.started].filter(([vendor]) => REGISTERS.has(vendor.name));
    if (starts.length < 2) return false;
    const isFree = starts.some(([, { fn }]) =>
      /skipOpenTelemetrySetup\s*:\s*true/.test(project.index.read(fn.module.file) ?? ""),
    );
    const [first] = starts;
    return !isFree && first?.[0].name !== name;
  });
}
