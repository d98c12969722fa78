import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { makesBundles, programOf, runsOf } from "./commands/resolve.js";
import { writtenIn } from "./commands/written.js";
import { evaluate, isNativeModule } from "./evaluation.js";
import { importPlace, lateStarts } from "./late.js";
import { goesPastHook, hasLoader, mayBeHooked } from "./past-hook.js";
import { patchingsOf, type Patching } from "./patched.js";

const notServed = /(^|[:_-])(dev|watch|debug|test|tests|lint|e2e|bench)([:_-]|$)/;

/**
 * ES modules of a program whose patches need a hook of the loader, and that has none. A package that an ES module imports goes
 * past the hook of `require`; its own files do not, so that only packages that are patched as a whole are lost.
 */
export function unhookedModules(project: Project): ChainBreak[] {
  const late = new Set(lateStarts(project).flatMap(({ names: [name] }) => name ?? []));
  const found = new Map<string, ChainBreak>();
  for (const run of programsOfNode(project)) {
    if (mayBeHooked(run, project)) continue;
    for (const patching of patchingsOf(run, project)) {
      if (late.has(patching.name)) continue;
      const broken = unhookedBy(patching, run, project);
      if (broken) found.set(`${broken.fn.module.file}:${String(broken.at[0])}`, broken);
    }
  }
  return [...found.values()];
}

/** Programs of ES modules that Node itself runs, without a loader. */
function programsOfNode(project: Project): Run[] {
  if (hasLoader(project)) return [];
  return writtenIn(project).flatMap((written) =>
    written.script !== undefined && notServed.test(written.script)
      ? []
      : written.commands.flatMap((command): Run[] => {
          const program = command.runner === "node" ? programOf(command, written, project) : undefined;
          if (program === undefined || !isNativeModule(program, project) || makesBundles(program, project))
            return [];
          return runsOf(program, project);
        }),
  );
}

function unhookedBy(patching: Patching, run: Run, project: Project): ChainBreak | undefined {
  const { start, name } = patching;
  // Sentry puts its own hook in front of what is loaded later
  if (!start.call || (name === "Sentry" && run.entry.preloads.includes(start.fn.module.file)))
    return undefined;
  const missing = evaluate(run.entry, new Map(), project).flatMap((e) =>
    e.kind === "package" && goesPastHook(e, patching, project) ? [e] : [],
  );
  if (missing.length === 0) return undefined;
  return {
    kind: "chain-break",
    check: "esm-hook",
    // what the program serves and asks for over http is traced all the same
    level: "warning",
    fn: start.fn,
    at: start.call.at,
    call: start.call,
    names: [name, [...new Set(missing.map((e) => e.specifier))].slice(0, 3).join(", ")],
    others: missing
      .slice(0, 3)
      .flatMap((e) => importPlace(e.file, e.specifier, `${e.specifier} is imported here`, project)),
  };
}
