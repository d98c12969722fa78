import { asksFor } from "../facts/majors.js";
import type { ChainBreak } from "../program/details.js";
import { baseOf } from "../program/index/paths.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { isExternal, type Bundle } from "./bundles/bundle.js";
import { bundlesOfCommands } from "./bundles/commands.js";
import { bundlesOfConfigs } from "./bundles/configs.js";
import { bundlesOfScripts } from "./bundles/scripts.js";
import { runsOf } from "./commands/resolve.js";
import { writtenIn } from "./commands/written.js";
import { evaluate } from "./evaluation.js";
import { isUsed, lateStarts } from "./late.js";
import { isPatched, patchingsOf, type Patching } from "./patched.js";

/**
 * Who patches by a hook of `require` alone, which a package inside of a bundle never comes past. Measured with Node 20.20, esbuild
 * 0.28, ncc 0.45, webpack 5.112, tsup 8.5, Rollup 4.68 and Vite 8.3: auto-instrumentations-node 0.81, dd-trace 5.132, Sentry 10; Sentry 11 is another matter.
 */
const hookers = new Set(["OpenTelemetry", "Sentry", "Datadog"]);
const notServed = /(^|[:_-])(dev|watch|debug|test|tests|lint|e2e|bench)([:_-]|$)/;

/** Bundles that swallow the packages which their program wants to have patched. */
export function bundledModules(project: Project): ChainBreak[] {
  // nobody builds for programs that patch nothing
  if (!project.runs().some((run) => patchingsOf(run, project).length > 0)) return [];
  const late = new Set(lateStarts(project).map(({ names: [name] }) => name));
  const found = new Map<string, ChainBreak>();
  for (const bundle of [
    ...bundlesOfCommands(project),
    ...bundlesOfScripts(project),
    ...bundlesOfConfigs(project),
  ]) {
    if (!isRun(bundle, project)) continue;
    for (const run of runsOf(bundle.entry, project))
      for (const patching of patchingsOf(run, project)) {
        if (late.has(patching.name) || !hookers.has(patching.name)) continue;
        const broken = brokenBy(bundle, patching, run, project);
        if (broken) found.set(`${broken.fn.module.file}:${String(broken.at[0])}`, broken);
      }
  }
  return [...found.values()];
}

/** A script, a container or a Procfile starts what the bundler writes. */
function isRun({ outputs }: Bundle, project: Project): boolean {
  const ends = outputs.map((path) => path.split("/").slice(-2).join("/"));
  return writtenIn(project).some(
    ({ script, commands }) =>
      (script === undefined || !notServed.test(script)) &&
      commands.some(
        ({ script: path = "" }) =>
          outputs.includes(path.replace(/^\.?\//, "")) ||
          ends.some((end) => end.includes("/") && `/${path}`.endsWith(`/${end}`)) ||
          outputs.some((output) => `${path}.js` === output),
      ),
  );
}

function brokenBy(
  bundle: Bundle,
  { name, modules, start }: Patching,
  run: Run,
  project: Project,
): ChainBreak | undefined {
  const json = project.index.packageOf(start.fn.module.file)?.json;
  if (name === "Sentry" && asksFor(json?.dependencies?.["@sentry/node"], "<11") !== true) return undefined;
  const inside = evaluate({ ...run.entry, file: bundle.entry, preloads: [] }, new Map(), project).flatMap(
    (e) =>
      e.kind === "package" &&
      isPatched(e.specifier, modules) &&
      isUsed(e, project) &&
      !isExternal(e.specifier, bundle)
        ? [e]
        : [],
  );
  const [first] = inside;
  if (!first) return undefined;
  const names = [...new Set(inside.map((e) => e.specifier))];
  return {
    kind: "chain-break",
    check: "bundled",
    fn: bundle.fn,
    at: bundle.at,
    names: [name, names.slice(0, 3).join(", "), bundle.tool, baseOf(bundle.outputs[0] ?? "")],
    others: [{ fn: start.fn, at: start.at, message: `${name} is started here` }],
    ...(bundle.call ? { call: bundle.call } : {}),
  };
}
