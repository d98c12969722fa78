import type { Project } from "../program/project.js";
import { foldersAbove } from "./deployed.js";

/** `handler: src/orders.create`, `Handler: app.lambdaHandler`. */
const HANDLER = /^\s*["']?[hH]andler["']?\s*:\s*["']?([\w./@-]+)\.([\w$]+)["']?\s*(?:#.*)?$/gm;
const LAMBDA = /AWS::(?:Serverless|Lambda)::Function/;
const MANIFEST = /(?:^|\/)(?:serverless|template|sam|samTemplate|[\w-]+\.template)[\w.-]*\.ya?ml$/;
const LONGEST = 300_000;

interface Named {
  dir: string;
  /** Last part of the path, without an extension. */
  base: string;
  name: string;
}

/** The names under which manifests of AWS Lambda run what a file exports. */
export function lambdaExports(file: string, project: Project): string[] {
  const all = namedIn(project);
  if (all.length === 0) return [];
  const base = (file.split("/").at(-1) ?? "").replace(/\.[cm]?[jt]sx?$/, "");
  const above = new Set(foldersAbove(file));
  return all.filter((n) => n.base === base && above.has(n.dir)).map((n) => n.name);
}

const cache = new WeakMap<Project, Named[]>();

function namedIn(project: Project): Named[] {
  let found = cache.get(project);
  if (!found) {
    found = project.index.manifestFiles
      .filter((file) => MANIFEST.test(file))
      .flatMap((file) => {
        const text = project.index.read(file) ?? "";
        if (text.length > LONGEST || !(isServerless(file) || LAMBDA.test(text))) return [];
        const [dir = ""] = foldersAbove(file);
        return [...text.matchAll(HANDLER)].flatMap(([, path = "", name = ""]) => [
          { dir, base: path.split("/").at(-1) ?? "", name },
        ]);
      });
    cache.set(project, found);
  }
  return found;
}

const isServerless = (file: string): boolean => /(?:^|\/)serverless[\w.-]*\.ya?ml$/.test(file);
