import { asksFor } from "../facts/majors.js";
import { hookedOnly, hookedOnlyBySentry } from "../knowledge/instrumented.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { says } from "../program/says.js";
import { makesBundles, programOf, runsOf } from "./commands/resolve.js";
import { writtenIn } from "./commands/written.js";
import { evaluate, isNativeModule } from "./evaluation.js";
import { importPlace, lateStarts } from "./late.js";
import { patchingsOf, type Patching } from "./patched.js";

/** Whatever puts a hook in front of the loader of ES modules. */
const hook =
  /hook\.mjs|import-in-the-middle|registerHooks|\bregister\s*\(|esm-loader|loader-hook|initialize\.mjs|ddtrace\/register/;
const notServed = /(^|[:_-])(dev|watch|debug|test|tests|lint|e2e|bench)([:_-]|$)/;

/**
 * ES modules of a program whose patches need a hook of the loader, and that has none. A package that an ES module imports goes
 * past the hook of `require`; its own files do not, so that only packages that are patched as a whole are lost.
 */
export function unhookedModules(project: Project): ChainBreak[] {
  const late = new Set(lateStarts(project).flatMap(({ names: [name] }) => name ?? []));
  const found = new Map<string, ChainBreak>();
  for (const run of programsOfNode(project)) {
    if ([...run.files, ...run.entry.preloads].some((file) => says(file, hook, project))) continue;
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
  const all = writtenIn(project);
  const hooked = all.some(({ commands }) =>
    commands.some(({ flags }) => flags.some((f) => f.kind === "loader" || hook.test(f.value))),
  );
  if (hooked) return [];
  return all.flatMap((written) =>
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
  const only = name === "OpenTelemetry" ? hookedOnly : name === "Sentry" ? hookedOnlyBySentry : undefined;
  if (!only || !start.call) return undefined;
  // Sentry puts its own hook in front of what is loaded later
  if (name === "Sentry" && run.entry.preloads.includes(start.fn.module.file)) return undefined;
  const json = project.index.packageOf(start.fn.module.file)?.json;
  if (name === "Sentry" && asksFor(json?.dependencies?.["@sentry/node"], "<11") !== true) return undefined;
  const lost = evaluate(run.entry, new Map(), project).flatMap((e) =>
    e.kind === "package" &&
    patching.modules.has(e.specifier) &&
    only.has(e.specifier) &&
    isImported(e.file, e.specifier, project)
      ? [e]
      : [],
  );
  const routed =
    name === "OpenTelemetry" &&
    patching.modules.has("router") &&
    asksFor(json?.dependencies?.["express"], "<5") !== true;
  // of express 5 the router, which is required, makes the spans
  const missing = lost.filter((e) => !(routed && e.specifier === "express"));
  if (missing.length === 0) return undefined;
  return {
    kind: "chain-break",
    check: "esm-hook",
    fn: start.fn,
    at: start.call.at,
    call: start.call,
    names: [name, [...new Set(missing.map((e) => e.specifier))].slice(0, 3).join(", ")],
    others: missing
      .slice(0, 3)
      .flatMap((e) => importPlace(e.file, e.specifier, `${e.specifier} is imported here`, project)),
  };
}

/** An ES module imports it for more than its types. */
function isImported(file: string, specifier: string, project: Project): boolean {
  if (!isNativeModule(file, project)) return false;
  const module = project.module(file);
  if (
    module?.esm !== true ||
    !project.index.scan(file).imports.some((i) => i.specifier === specifier && i.kind === "static")
  )
    return false;
  const names = module.bindings.filter((b) => b.from?.specifier === specifier);
  return names.some((b) => b.from?.typeOnly !== true && b.uses.length > 0);
}
