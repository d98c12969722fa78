import type { Vendor } from "../knowledge/schema.js";
import type { ChainBreak } from "../program/details.js";
import { baseOf } from "../program/index/paths.js";
import type { Entry } from "../program/index/types.js";
import type { Project } from "../program/project.js";
import { says } from "../program/says.js";
import { deployedIn, type Deployed } from "./commands/deployed.js";
import type { Flag } from "./commands/flags.js";
import { isPath, programOf, sourceOf } from "./commands/resolve.js";
import { writtenIn, type Written } from "./commands/written.js";

/** Scripts that start the program as it is meant to run, without a word of a variation. */
const starts = /^(?:start|serve|prod|production)(?:[:_-](?:prod|production|server|api|app|web))?$/;
/** Somebody else brings preloads into containers: operators, agents that inject themselves, variables that are put together. */
export const injected =
  /inject-nodejs|inject-sdk|admission\.datadoghq|DD_INJECT|lib-injection|k8s-agents-operator|NODE_OPTIONS[^\n]*\n?[^\n]*(?:--require|--import|-r\s|\$)/;
/** Images that come without preloads of their own. */
const plainImage =
  /(?:^|\/)(?:node|nodejs|alpine|debian|ubuntu|bun|nodejs\d*-debian\d+|nodejs-\d+[\w-]*|ubi\d*)(?:[:@]|$)|^$/;

/** What a start script loads first, and how it is written. */
interface Preloading {
  script: Written;
  program: string;
  flag: Flag;
  vendors: Vendor[];
  /** The name by which anything else would load it. */
  name: string;
}

/** Deployments that start a program without what its start script preloads, so that they record no telemetry. */
export function notPreloaded(project: Project): ChainBreak[] {
  const preloadings = preloadingsIn(project);
  if (preloadings.length === 0 || project.index.manifestFiles.some((file) => says(file, injected, project)))
    return [];
  const deployed = deployedIn(project);
  const found = new Map<string, ChainBreak>();
  for (const preloading of preloadings) {
    const all = deployed.filter(({ program }) => program === preloading.program);
    if (all.some(({ command }) => command.flags.length > 0) || isLoadedElsewhere(preloading, all, project))
      continue;
    for (const one of all) {
      // `env_production` and its like
      if (says(one.by.fn.module.file, injected, project)) continue;
      if (one.by.image !== "" && !plainImage.test(one.by.image)) continue;
      const broken = brokenBy(one, preloading);
      found.set(`${broken.fn.module.file}:${String(broken.at[0])}`, broken);
    }
  }
  return [...found.values()];
}

function brokenBy({ written, command }: Deployed, preloading: Preloading): ChainBreak {
  const { script, flag, vendors } = preloading;
  const [vendor] = vendors;
  const own = script.commands.flatMap((c) => (c.flags.includes(flag) ? (c.script ?? []) : []));
  // the path of the flag holds where the program has the same one
  const same = !isPath(flag.value) || own.some((path) => plain(path) === plain(command.script ?? ""));
  return {
    kind: "chain-break",
    check: "not-preloaded",
    fn: written.fn,
    at: written.at,
    names: [
      vendor?.name ?? "telemetry",
      flag.name,
      flag.value,
      script.script ?? "",
      same ? (command.script ?? "") : "",
    ],
    others: [{ fn: script.fn, at: script.at, message: `\`${script.script ?? ""}\` preloads it` }],
  };
}

const plain = (path: string): string => path.replace(/^\.\//, "").replace(/\.js$/, "");

/** Flags of start scripts that alone start telemetry for their programs. */
function preloadingsIn(project: Project): Preloading[] {
  return writtenIn(project).flatMap((script) =>
    script.script === undefined || !starts.test(script.script)
      ? []
      : script.commands.flatMap((command) => {
          const program = programOf(command, script, project);
          if (program === undefined) return [];
          return command.flags.flatMap((flag): Preloading[] => {
            if (flag.kind === "loader" || flag.behind) return [];
            const file = isPath(flag.value)
              ? sourceOf(flag.value, command, script.bases, project)
              : undefined;
            if (isPath(flag.value) && file === undefined) return [];
            const vendors = vendorsOf(program, file ?? flag.value, file !== undefined, project);
            const name = file === undefined ? flag.value : baseOf(file).replace(/\.\w+$/, "");
            return vendors.length > 0 ? [{ script, program, flag, vendors, name }] : [];
          });
        }),
  );
}

/** The vendors that a preload starts, and the program does not start without it. */
function vendorsOf(program: string, preload: string, isFile: boolean, project: Project): Vendor[] {
  const runs = project.runs().filter((run) => run.entries.some((e) => e.file === program));
  const has = (e: Entry): boolean => (isFile ? e.preloads : e.preloadPackages).includes(preload);
  const own = filesOf(program, project);
  const alone = new Set(
    runs.filter((r) => !r.entries.some(has)).flatMap((r) => [...r.started.keys(), ...r.preloaded]),
  );
  const known = isFile ? undefined : project.lookup.package(preload);
  const started = isFile
    ? runs
        .filter((r) => r.entries.some((e) => e.file === program && has(e)))
        .flatMap((r) => [...r.started].flatMap(([v, hit]) => (own.has(hit.fn.module.file) ? [] : [v])))
    : known?.pkg.startsOnImport === true
      ? [known.vendor]
      : [];
  const isLoaded = (vendor: Vendor): boolean =>
    [...own].some((file) =>
      project.index.scan(file).imports.some((i) => {
        const found = project.lookup.package(i.specifier);
        return found?.vendor === vendor && found.pkg.startsOnImport === true;
      }),
    );
  return [...new Set(started)].filter((vendor) => !alone.has(vendor) && !isLoaded(vendor));
}

const filesOf = (program: string, project: Project): Set<string> =>
  project.reach({
    file: program,
    reason: "script",
    preloads: [],
    preloadPackages: [],
    where: { file: program },
  });

/** Something besides the scripts of package.json names what is preloaded, or runs the script that preloads it. */
function isLoadedElsewhere(
  { name, script, program }: Preloading,
  deployed: readonly Deployed[],
  project: Project,
): boolean {
  const { index } = project;
  const quoted = new RegExp(`["'\`/]${escaped(name)}(?:\\.\\w+)?["'\`]`);
  const runs = new RegExp(`\\b(?:npm|yarn|pnpm|bun)\\b[^\\n]*\\b${escaped(script.script ?? "")}(?![\\w:-])`);
  const places = new Set(deployed.map(({ by }) => by.fn.module.file));
  const named = index.manifestFiles.some((file) => {
    if (index.isTest(file) || /(^|\/)\.github\//.test(file)) return false;
    const text = index.read(file) ?? "";
    if (baseOf(file) === "package.json") return namedInScripts(text, name);
    // the image that is judged may say it in a comment
    return text.includes(name) || (!places.has(file) && runs.test(text));
  });
  const configs = index.sources.filter(
    (file) => /(?:config|build|bundle|webpack|esbuild)[\w.-]*$/.test(baseOf(file)) && !index.isTest(file),
  );
  return (
    named || [...filesOf(program, project), ...configs].some((file) => quoted.test(index.read(file) ?? ""))
  );
}

/** A script names it other than by a flag: a bundler that puts it in front of the program. */
function namedInScripts(text: string, name: string): boolean {
  const scripts = text.slice(Math.max(text.search(/"scripts"\s*:/), 0));
  const path = new RegExp(`[\\w./-]*\\b${escaped(name)}\\.[mc]?[jt]s\\b`, "g");
  return [...scripts.matchAll(path)].some(
    ({ index }) => !/(?:-r|--require|--import|--loader)["'\s=]+$/.test(scripts.slice(0, index)),
  );
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
