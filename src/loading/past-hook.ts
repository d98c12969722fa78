import { asksFor } from "../facts/majors.js";
import { hookedOnly, hookedOnlyBySentry } from "../knowledge/instrumented.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { says } from "../program/says.js";
import { writtenIn } from "./commands/written.js";
import { isNativeModule, type LoadEvent } from "./evaluation.js";
import type { Patching } from "./patched.js";

/** Names of the hooks that are put in front of the loader of ES modules. */
const named =
  /hook\.mjs|import-in-the-middle|registerHooks|esm-loader|loader-hook|initialize\.mjs|ddtrace\/register/;
/** Whatever else may register one. */
const registering = /\bregister\s*\(/;

/** Whether a program, or a command line of its project, puts a hook in front of the loader of ES modules. */
export const isHooked = (run: Run, project: Project): boolean =>
  hasLoader(project) || filesOf(run).some((file) => says(file, named, project));

/** Whether it may do so under another name. */
export const mayBeHooked = (run: Run, project: Project): boolean =>
  isHooked(run, project) || filesOf(run).some((file) => says(file, registering, project));

const filesOf = ({ files, entry }: Run): string[] => [...files, ...entry.preloads];

/** Some command line asks for a loader. */
export const hasLoader = (project: Project): boolean =>
  writtenIn(project).some(({ commands }) =>
    commands.some(({ flags }) => flags.some((f) => f.kind === "loader" || named.test(f.value))),
  );

/**
 * Whether an ES module imports a package that is patched as a whole, so that nothing but a hook of the loader patches it, wherever the
 * SDK is started.
 */
export function goesPastHook(event: LoadEvent, patching: Patching, project: Project): boolean {
  if (event.kind !== "package" || !isImported(event.file, event.specifier, project)) return false;
  const { name, modules, start } = patching;
  const only = name === "OpenTelemetry" ? hookedOnly : name === "Sentry" ? hookedOnlyBySentry : undefined;
  if (only?.has(event.specifier) !== true || !modules.has(event.specifier)) return false;
  const dependencies = project.index.packageOf(start.fn.module.file)?.json?.dependencies;
  if (name === "Sentry") return asksFor(dependencies?.["@sentry/node"], "<11") === true;
  // of express 5 the router, which is required, makes the spans
  return !(
    event.specifier === "express" &&
    modules.has("router") &&
    asksFor(dependencies?.["express"], "<5") !== true
  );
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
