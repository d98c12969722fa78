/** Lists the files of a project: sources, manifests and scripts without a source's extension. Follows no link, reads no text but `.gitignore`. */
import { readdirSync, readFileSync, statSync, type Dirent } from "node:fs";
import path from "node:path";
import type { Problem } from "../../finding.js";
import { isIgnored, layersAbove, withIgnoreFile, type IgnoreChain } from "./ignores.js";
import { isInside, isSourceName } from "./paths.js";

/** What one walk found; all paths relative to the root, sorted. */
export interface Tree {
  sources: string[];
  manifests: string[];
  scripts: string[];
  /** YAML that is none of the manifests above: Kubernetes, Helm, Kustomize and whatever else is written in it. */
  documents: string[];
  /** Symbolic links, none of which was followed. */
  links: number;
  problems: Problem[];
}

const skippedFolders = new Set(["node_modules", "vendor", "bower_components", "jspm_packages"]);
/** `.aws` is where the workflow that GitHub offers for ECS keeps its task definition. */
const shownFolders = new Set([".github", ".aws"]);

const manifest =
  /^(?:package\.json|\.npmrc|nodemon\.json|[jt]sconfig[\w.-]*\.json|deno\.jsonc?|import_?map\.json|Procfile[\w.-]*|pnpm-workspace\.ya?ml|serverless\.ya?ml|(?:[\w-]+\.)*(?:docker-)?compose[\w.-]*\.ya?ml|wrangler\.(?:toml|jsonc?)|(?:vercel|now)\.json|netlify\.toml|fly[\w.-]*\.toml|Makefile|railway\.(?:json|toml)|nest-cli\.json|(?:ecosystem|pm2)[\w.-]*\.(?:json|ya?ml)|process\.(?:json|ya?ml)|Dockerfile[\w.-]*|[\w.-]+\.[Dd]ockerfile|Containerfile|[\w.-]*(?:[Tt]ask[-_.]?[Dd]ef|ecs)[\w.-]*\.json|[\w@.:-]+\.service|\.env(?:\.[\w-]+)*|[\w.-]+\.env)$/;

/** Lock files are YAML too, and long. */
const document = /(?<!lock)\.ya?ml$/;

/** A program without an extension: `bin/www`. */
const binScript = /(?:^|\/)bin\/[\w-]+$/;

/** Deeper folders than this are no project but an accident or an attack. */
const deepest = 100;

class Walk {
  readonly tree: Tree = { sources: [], manifests: [], scripts: [], documents: [], links: 0, problems: [] };

  constructor(
    private readonly root: string,
    private readonly only: readonly string[] | undefined,
  ) {}

  folder(dir: string, chain: IgnoreChain, depth: number): void {
    const absolute = dir === "" ? this.root : `${this.root}/${dir}`;
    let items: Dirent[];
    try {
      items = readdirSync(absolute, { withFileTypes: true });
    } catch (error) {
      this.tree.problems.push({ kind: "unreadable", file: dir === "" ? "." : dir, message: reasonOf(error) });
      return;
    }
    for (const item of items) {
      if (item.name === ".gitignore" && item.isFile()) {
        chain = withIgnoreFile(chain, dir, readIgnoreFile(`${absolute}/.gitignore`));
        break;
      }
    }
    const prefix = dir === "" ? "" : `${dir}/`;
    for (const item of items) {
      const name = item.name;
      if (item.isFile()) this.file(prefix + name, name, chain);
      else if (item.isDirectory()) {
        if (!isSkippedFolder(name)) this.enter(prefix + name, chain, depth);
      } else if (item.isSymbolicLink()) this.tree.links++;
    }
  }

  private enter(dir: string, chain: IgnoreChain, depth: number): void {
    if (!this.wanted(dir, true)) return;
    if (chain.length > 0 && isIgnored(chain, dir, true)) return;
    if (depth >= deepest) {
      this.tree.problems.push({
        kind: "unreadable",
        file: dir,
        message: `more than ${deepest} folders deep`,
      });
      return;
    }
    this.folder(dir, chain, depth + 1);
  }

  private file(file: string, name: string, chain: IgnoreChain): void {
    const list = isSourceName(name)
      ? this.tree.sources
      : manifest.test(name)
        ? this.tree.manifests
        : name.endsWith(".sh") || binScript.test(file)
          ? this.tree.scripts
          : document.test(name)
            ? this.tree.documents
            : undefined;
    if (list === undefined) return;
    if (list !== this.tree.manifests && !this.wanted(file, false)) return;
    if (chain.length > 0 && isIgnored(chain, file, false)) return;
    list.push(file);
  }

  /** With `only`: whether the path lies in a wanted place or, for a folder, on the way to one. */
  private wanted(file: string, isDir: boolean): boolean {
    if (this.only === undefined) return true;
    return this.only.some((place) => isInside(file, place) || (isDir && isInside(place, file)));
  }
}

function isSkippedFolder(name: string): boolean {
  return name.charCodeAt(0) === 46 ? !shownFolders.has(name) : skippedFolders.has(name);
}

function readIgnoreFile(file: string): string {
  try {
    return statSync(file).size > 1_000_000 ? "" : readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Code and message of a file system error, without the absolute path. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code ?? error.message;
  }
  return String(error);
}

/**
 * Walks the project once.
 * @param root absolute path of a folder
 * @param only folders and files (relative) to keep to
 */
export function walkProject(root: string, only?: readonly string[]): Tree {
  const places = only?.map((place) => path.posix.normalize(place.split("\\").join("/")).replace(/\/$/, ""));
  const walk = new Walk(root, places?.includes(".") ? undefined : places);
  walk.folder("", layersAbove(root), 0);
  walk.tree.sources.sort();
  walk.tree.manifests.sort();
  walk.tree.scripts.sort();
  walk.tree.documents.sort();
  return walk.tree;
}
