import {
  frameworkFiles,
  nextFiles,
  ownServer,
  serverAction,
  vercelPackages,
  waitsAround,
  type FrameworkFiles,
  type PlatformName,
} from "../knowledge/invocations.js";
import type { Project } from "../program/project.js";
import { says } from "../program/says.js";

/** The folder of a file; the empty string for the root. */
const folderOf = (file: string): string => file.slice(0, Math.max(file.lastIndexOf("/"), 0));

const nameOf = (file: string): string => file.slice(file.lastIndexOf("/") + 1);

/** The folders above a file, its own first, the root last. */
export function foldersAbove(file: string): string[] {
  const found = [folderOf(file)];
  for (let dir = found[0] ?? ""; dir !== "";) found.push((dir = folderOf(dir)));
  return found;
}

/** The manifests of a name, by the folder they stand in. Cached. */
export function manifestsNamed(name: RegExp, project: Project): ReadonlyMap<string, string> {
  let known = cache.get(project);
  if (!known) cache.set(project, (known = new Map()));
  let found = known.get(name);
  if (!found) {
    found = new Map();
    for (const file of project.index.manifestFiles)
      if (name.test(nameOf(file))) found.set(folderOf(file), file);
    known.set(name, found);
  }
  return found;
}

const cache = new WeakMap<Project, Map<RegExp, Map<string, string>>>();

const VERCEL = /^(?:vercel|now)\.json$/;
const NETLIFY = /^netlify\.toml$/;
const WRANGLER = /^wrangler\.(?:toml|jsonc?)$/;
const DOCKER = /^(?:Dockerfile[\w.-]*|[\w.-]+\.[Dd]ockerfile|Containerfile)$/;
const PROCESSES =
  /^(?:Procfile|fly\.toml|render\.ya?ml|railway\.(?:json|toml)|app\.ya?ml|(?:ecosystem|pm2)[\w.-]*\.(?:json|ya?ml)|process\.json)$/;

/** The nearest folder above a file that has such a manifest. */
export function nearest(file: string, name: RegExp, project: Project): string | undefined {
  const found = manifestsNamed(name, project);
  return found.size === 0 ? undefined : foldersAbove(file).find((dir) => found.has(dir));
}

/** Whether a file belongs to a package that is deployed as a Worker. */
export function platformOfWorker(file: string, project: Project): boolean {
  const own = project.index.packageOf(file);
  const dir = own?.dir ?? "";
  if (own?.json?.devDependencies?.["wrangler"] ?? own?.json?.dependencies?.["wrangler"]) return true;
  const at = nearest(file, WRANGLER, project);
  return at !== undefined && (at === dir || at.startsWith(dir === "" ? "" : `${dir}/`));
}

/** Whether a package surely is a Worker and nothing else: Bun and others run what a file exports as well. */
export function isOnlyWorker(file: string, project: Project): boolean {
  const dir = project.index.packageOf(file)?.dir ?? "";
  return (
    nearest(file, WRANGLER, project) !== undefined &&
    platformOfWorker(file, project) &&
    !isOwnServer(dir, project)
  );
}

/** `api/orders.ts` beside a vercel.json: the function that it holds is run by Vercel. */
export function isVercelFunction(file: string, project: Project): boolean {
  const at = nearest(file, VERCEL, project);
  if (at === undefined) return false;
  const path = at === "" ? file : file.slice(at.length + 1);
  return path.startsWith("api/") && !/(?:^|\/)_/.test(path);
}

/** A file that a vercel.json has Vercel make a function of: `builds: [{ "src": "src/app.ts", "use": "@vercel/node" }]`. */
export function isBuiltByVercel(file: string, project: Project): boolean {
  const at = nearest(file, VERCEL, project);
  const manifest = at === undefined ? undefined : manifestsNamed(VERCEL, project).get(at);
  if (at === undefined || manifest === undefined || isOwnServer(at, project)) return false;
  const path = at === "" ? file : file.slice(at.length + 1);
  const text = project.index.read(manifest) ?? "";
  return [...text.matchAll(BUILDS)].some(([whole]) => {
    const src = /"src"\s*:\s*"(?:\.?\/)?([^"]+)"/.exec(whole)?.[1];
    return src === path && /"use"\s*:\s*"@(?:vercel|now)\/node(?:@[^"]*)?"/.test(whole);
  });
}

/** The entries of `builds`, the only objects of the file with a `use`. */
const BUILDS = /\{[^{}]*"use"\s*:[^{}]*\}/g;

/** `netlify/functions/orders.ts`, or the folder that netlify.toml names. */
export function isNetlifyFunction(file: string, project: Project): boolean {
  const at = nearest(file, NETLIFY, project);
  const manifest = at === undefined ? undefined : manifestsNamed(NETLIFY, project).get(at);
  if (at === undefined || manifest === undefined) return false;
  const text = project.index.read(manifest) ?? "";
  const named = /^\s*(?:functions|directory)\s*=\s*["']([^"'\n]+)["']/m.exec(text)?.[1];
  const path = at === "" ? file : file.slice(at.length + 1);
  const folder = (named ?? "netlify/functions").replace(/^\.?\//, "").replace(/\/$/, "");
  return path.startsWith(`${folder}/`);
}

/** What Next.js finds behind a file: a route, a function below `pages/api`, the middleware, functions that clients call. */
export type NextPart = keyof typeof nextFiles | "action";

/** The part of a Next.js program that a file is, where the platform surely freezes it after each answer. */
export function nextPartOf(file: string, project: Project): NextPart | undefined {
  const own = project.index.packageOf(file);
  const asked = { ...own?.json?.dependencies, ...own?.json?.devDependencies };
  if (!own || asked["next"] === undefined) return undefined;
  const path = own.dir === "" ? file : file.slice(own.dir.length + 1);
  const part =
    (Object.keys(nextFiles) as (keyof typeof nextFiles)[]).find((name) => nextFiles[name].test(path)) ??
    (says(file, serverAction, project) ? "action" : undefined);
  return part && isFrozen(file, own.dir, Object.keys(asked), project) ? part : undefined;
}

/** The packages that a file loads; none where there is no such file. */
const loadedBy = (file: string, { index }: Project): string[] =>
  index.has(file) ? index.scan(file).imports.map((i) => i.specifier) : [];

const ENDINGS = ["ts", "tsx", "js", "jsx", "mjs", "mts"];

/** What a framework runs of a file, on the platform that its one adapter is for. */
export function frameworkPartsOf(
  file: string,
  project: Project,
): { platform: PlatformName; files: FrameworkFiles["files"] } | undefined {
  const own = project.index.packageOf(file);
  if (!own) return undefined;
  const asked = Object.keys({ ...own.json?.dependencies, ...own.json?.devDependencies });
  const path = own.dir === "" ? file : file.slice(own.dir.length + 1);
  const at = own.dir === "" ? "" : `${own.dir}/`;
  for (const { asked: framework, adapters, config, around, files } of frameworkFiles) {
    const parts = files.filter((f) => f.path.test(path));
    if (parts.length === 0 || !asked.some((name) => framework.test(name))) continue;
    const others = around.flatMap((name) => ENDINGS.map((ending) => `${at}${name}.${ending}`));
    if (others.some((f) => f !== file && project.index.has(f) && says(f, waitsAround, project))) continue;
    const loaded = ENDINGS.flatMap((ending) => loadedBy(`${at}${config}.${ending}`, project));
    const inUse = adapters.filter((a) => loaded.some((name) => a.asked.test(name)));
    const found = inUse.length > 0 ? inUse : adapters.filter((a) => asked.some((name) => a.asked.test(name)));
    const [only] = found;
    // what an adapter builds for a platform runs nowhere else
    const isSure = inUse.length > 0 || !isOwnServer(own.dir, project);
    if (found.length === 1 && only?.platform !== undefined && isSure)
      return { platform: only.platform, files: parts };
  }
  return undefined;
}

const EDGE = /export\s+const\s+runtime\s*=\s*["'](?:edge|experimental-edge)["']/;

/**
 * Whether a package of Next.js runs on a platform that freezes it. A server of its own lives on, and a repository that has both
 * may mean either.
 */
export function isFrozen(file: string, dir: string, asked: readonly string[], project: Project): boolean {
  const at = dir === "" ? "package.json" : `${dir}/package.json`;
  const evidence =
    nearest(at, VERCEL, project) !== undefined ||
    nearest(at, NETLIFY, project) !== undefined ||
    asked.some((name) => vercelPackages.test(name)) ||
    says(file, EDGE, project);
  return evidence && !isOwnServer(dir, project);
}

function isOwnServer(dir: string, project: Project): boolean {
  const { index } = project;
  const inside = (file: string): boolean => folderOf(file) === dir || folderOf(file) === "";
  const hasOther = index.manifestFiles.some((file) => {
    const name = nameOf(file);
    return (DOCKER.test(name) || PROCESSES.test(name)) && (inside(file) || file.startsWith(`${dir}/`));
  });
  if (hasOther) return true;
  const configs = ["js", "mjs", "cjs", "ts", "mts"].map((ending) =>
    dir === "" ? `next.config.${ending}` : `${dir}/next.config.${ending}`,
  );
  if (configs.some((file) => index.has(file) && says(file, ownServer.config, project))) return true;
  const start = index.packageOf(configs[0] ?? "")?.json?.scripts?.["start"] ?? "";
  return ownServer.start.test(start);
}
