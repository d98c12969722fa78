import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

const known = new Map<string, string | undefined>();

/**
 * The folder that holds the project of a file: the nearest one above it that is a repository or the root of a workspace,
 * else the nearest with a package.json.
 * @param file absolute path
 * @returns undefined when no folder above the file is a project
 */
export function projectRootOf(file: string): string | undefined {
  const folder = dirname(file);
  if (!known.has(folder)) known.set(folder, findRoot(folder));
  return known.get(folder);
}

function findRoot(start: string): string | undefined {
  const home = homedir();
  let nearestPackage: string | undefined;
  for (let folder = start; ; folder = dirname(folder)) {
    // Some keep their settings in a repository at home; reading the whole home folder would help nobody.
    if (folder === home && folder !== start) return nearestPackage;
    if (existsSync(join(folder, ".git")) || isWorkspaceRoot(folder)) return folder;
    if (nearestPackage === undefined && existsSync(join(folder, "package.json"))) nearestPackage = folder;
    if (dirname(folder) === folder) return nearestPackage;
  }
}

function isWorkspaceRoot(folder: string): boolean {
  if (existsSync(join(folder, "pnpm-workspace.yaml"))) return true;
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return typeof manifest === "object" && manifest !== null && "workspaces" in manifest;
  } catch {
    // No manifest, or one that is just being written.
    return false;
  }
}
