/** Finds the source file that a path means, on the set of known files alone. */
import { dirOf, joinPath } from "./paths.js";

const extensions = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".es6"];

/** What may be written for what: output names on the left. */
const sourcesOf: Record<string, readonly string[]> = {
  ".js": [".ts", ".tsx", ".jsx", ".mts", ".cts", ".mjs", ".cjs", ".es6"],
  ".mjs": [".mts", ".ts", ".js", ".tsx"],
  ".cjs": [".cts", ".ts", ".js", ".tsx"],
  ".jsx": [".tsx", ".js", ".ts"],
  ".ts": [".tsx", ".js"],
};

const outputExtension = /\.[mc]?jsx?$|\.ts$/;

export class Probe {
  constructor(private readonly files: ReadonlySet<string>) {}

  has(file: string): boolean {
    return this.files.has(file);
  }

  /** The file itself, its source under another extension, or the same name with an extension added. No folders. */
  file(path: string): string | undefined {
    if (path === "") return undefined;
    if (this.files.has(path)) return path;
    const extension = outputExtension.exec(path)?.[0];
    if (extension !== undefined) {
      const stem = path.slice(0, -extension.length);
      for (const other of sourcesOf[extension] ?? []) if (this.files.has(stem + other)) return stem + other;
    }
    for (const added of extensions) if (this.files.has(path + added)) return path + added;
    return undefined;
  }

  /** `index` with any extension in a folder. */
  index(dir: string): string | undefined {
    const stem = dir === "" ? "index" : `${dir}/index`;
    for (const added of extensions) if (this.files.has(stem + added)) return stem + added;
    return undefined;
  }

  any(path: string): string | undefined {
    return this.file(path) ?? this.index(path);
  }
}

/** Folders that compilers and bundlers write to, `dist-esm` and `lib_cjs` included. */
const outputFolder =
  /^\.?(?:dist|build|built|lib|out|output|es|esm|cjs|umd|mjs|commonjs|module|bundle|compiled|release)(?:[-_.](?:es|esm|cjs|src|node|types|server|electron|main|tsc|ts))?\d*$/;

/** Folders below the output folder that name a module format or a platform, not a part of the program. */
const formatFolder =
  /^(?:es|esm|cjs|umd|mjs|commonjs|module|node|browser|import|require|default|development|production)\d*$/;

const sourceFolders = ["src", "", "lib", "source", "app"];

const bundleSuffix =
  /\.(?:cjs|esm|umd|es|mjs|node|prod|production|development|dev|bundle|min|modern|module|global|iife)$/;

function stemOf(path: string): string {
  return path.replace(/\.[mc]?jsx?$/, "");
}

/**
 * The source of a built file, in the package at `dir`, by the custom that `dist/x.js` is made from `src/x.ts`.
 * @param path relative to `dir`: `dist/esm/cli/index.js`
 */
export function sourceOfBuilt(probe: Probe, dir: string, path: string): string | undefined {
  const parts = path.replace(/^\.\//, "").split("/");
  // The output folder itself stands for its index.
  if (parts.every((part) => outputFolder.test(part))) parts.push("index");
  let first = 0;
  while (first < parts.length - 1 && outputFolder.test(parts[first] ?? "")) {
    first++;
    const found = inSourceFolders(probe, dir, parts.slice(first));
    if (found !== undefined) return found;
    const next = parts[first] ?? "";
    if (first < parts.length - 1 && formatFolder.test(next) && !outputFolder.test(next)) {
      const deeper = inSourceFolders(probe, dir, parts.slice(first + 1));
      if (deeper !== undefined) return deeper;
    }
  }
  return undefined;
}

function inSourceFolders(probe: Probe, dir: string, parts: readonly string[]): string | undefined {
  const path = parts.join("/");
  const plain = stemOf(path).replace(bundleSuffix, "");
  for (const candidate of plain === stemOf(path) ? [path] : [path, plain]) {
    for (const folder of sourceFolders) {
      const found = probe.any(joinPath(dir, folder === "" ? candidate : `${folder}/${candidate}`) ?? "");
      if (found !== undefined) return found;
    }
    const nested = joinPath(
      dir,
      `${dirOf(candidate)}/src/${candidate.slice(candidate.lastIndexOf("/") + 1)}`,
    );
    const found = candidate.includes("/") && nested !== undefined ? probe.any(nested) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether the path begins with a folder that compilers write to. */
export function looksBuilt(path: string): boolean {
  return outputFolder.test(path.replace(/^\.\//, "").split("/", 1).join());
}
