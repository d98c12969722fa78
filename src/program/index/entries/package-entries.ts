/** Entries that package.json names: `bin`, `main`, `exports`, scripts, and the commands and hooks of oclif. */
import { isObject, stringsOf } from "../json.js";
import type { Package } from "../packages.js";
import { isInside, joinPath } from "../paths.js";
import { importsOfBareScript } from "./bare-scripts.js";
import { launchesOf } from "./commands.js";
import { lineOf, placeIn, type EntryContext, type EntryList } from "./context.js";
import type { Starter } from "./start.js";
import { preloadsOfNpmrc } from "./tool-settings.js";

/** In longer ones no lines are looked up. */
const longestManifest = 200_000;

/** More scripts than this are not looked at. */
const mostScripts = 1000;

function manifestOf(pkg: Package): string {
  return pkg.dir === "" ? "package.json" : `${pkg.dir}/package.json`;
}

/** Files named by `bin`, or what they import when they have no extension. */
export function addBins(context: EntryContext, list: EntryList, pkg: Package): void {
  for (const target of binsOf(pkg)) {
    const files = binFiles(context, pkg, target);
    const last = files.pop();
    if (last !== undefined)
      list.add(last, "bin", placeIn(manifestOf(pkg), lineIn(context, pkg, '"bin"')), files);
  }
}

function binsOf(pkg: Package): string[] {
  const bin = pkg.json?.bin;
  return typeof bin === "string" ? [bin] : Object.values(stringsOf(bin));
}

/** The source of a program, after what it must load first. */
function binFiles(context: EntryContext, pkg: Package, target: string): string[] {
  const file = context.resolver.packages.source(pkg.dir, target);
  if (file !== undefined) return [file];
  const path = joinPath(pkg.dir, target);
  return path === undefined ? [] : importsOfBareScript(context, path);
}

/** Files named by scripts, with what those preload. */
export function addScripts(context: EntryContext, starter: Starter, pkg: Package): void {
  const inherited = preloadsOfNpmrc(context, pkg.dir);
  for (const [name, command] of Object.entries(stringsOf(pkg.json?.scripts)).slice(0, mostScripts)) {
    const launches = launchesOf(command, inherited);
    if (launches.length === 0) continue;
    // A script that runs another one says nothing new, unless it sets the stage for it.
    const telling = launches.filter(
      (launch) => launch.kind !== "script" || launch.preloads.length > inherited.length,
    );
    if (telling.length === 0) continue;
    starter.start(telling, {
      bases: [pkg.dir],
      reason: "script",
      where: placeIn(manifestOf(pkg), lineIn(context, pkg, `"${name}"`)),
    });
  }
}

/** Files named by `main` and `module`, and by `exports`. */
export function addMains(context: EntryContext, list: EntryList, pkg: Package): void {
  const { packages } = context.resolver;
  const { json } = pkg;
  if (json === undefined) return;
  if (typeof json.main === "string" && json.main.includes("*")) {
    for (const file of globbed(context, pkg, json.main))
      list.add(file, "main", placeIn(manifestOf(pkg), lineIn(context, pkg, '"main"')));
  } else {
    for (const field of ["main", "module"] as const) {
      const target = json[field];
      const file = typeof target === "string" ? packages.source(pkg.dir, target) : undefined;
      if (file !== undefined)
        list.add(file, "main", placeIn(manifestOf(pkg), lineIn(context, pkg, `"${field}"`)));
    }
  }
  const where = placeIn(
    manifestOf(pkg),
    json.exports === undefined ? undefined : lineIn(context, pkg, '"exports"'),
  );
  for (const file of packages.exportedFiles(pkg)) list.add(file, "exports", where);
}

function lineIn(context: EntryContext, pkg: Package, token: string): number | undefined {
  return lineOf(context.manifests.shortText(manifestOf(pkg), longestManifest), token);
}

/** `dist/src/functions/*.js`, as Azure Functions names its files. */
function globbed(context: EntryContext, pkg: Package, pattern: string): string[] {
  const folder = pattern.slice(0, pattern.indexOf("*")).replace(/[^/]*$/, "");
  return sourcesUnder(context, pkg, folder);
}

/** Sources in a folder that package.json names, or in the folder it is built from. */
function sourcesUnder(context: EntryContext, pkg: Package, folder: string): string[] {
  const plain = folder.replace(/^\.\//, "").replace(/\/$/, "");
  const unbuilt = plain.replace(/^(?:dist|build|lib|out)\/?/, "");
  for (const candidate of [plain, `src/${unbuilt}`, unbuilt]) {
    const dir = joinPath(pkg.dir, candidate);
    if (dir === undefined || dir === pkg.dir) continue;
    const inside = context.sources.filter((file) => isInside(file, dir));
    if (inside.length > 0) return inside;
  }
  return [];
}

function hookTargets(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list
    .map((item) => (isObject(item) ? item["target"] : item))
    .filter((item): item is string => typeof item === "string");
}

/**
 * Commands and hooks of an oclif program: loaded by name, in the process of its `bin`, after the hooks `init` and `prerun`.
 */
export function addOclif(context: EntryContext, list: EntryList, pkg: Package): void {
  const oclif = pkg.json?.["oclif"];
  if (!isObject(oclif)) return;
  const where = placeIn(manifestOf(pkg), lineIn(context, pkg, '"oclif"'));
  const preloads = binsOf(pkg).flatMap((target) => binFiles(context, pkg, target));
  const hooks = isObject(oclif["hooks"]) ? oclif["hooks"] : {};
  const others: string[] = [];
  for (const [name, value] of Object.entries(hooks)) {
    for (const target of hookTargets(value)) {
      const file = context.resolver.packages.source(pkg.dir, target);
      if (file === undefined) continue;
      if (name === "init" || name === "prerun") preloads.push(file);
      else others.push(file);
    }
  }
  const commands = isObject(oclif["commands"]) ? oclif["commands"]["target"] : oclif["commands"];
  const files = typeof commands === "string" ? sourcesUnder(context, pkg, commands) : [];
  for (const file of [...files, ...others]) list.add(file, "framework", where, preloads);
}
