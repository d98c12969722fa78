import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** What git could give back, and what it is told to leave alone. Files are relative to the root, forward slashes. */
export interface Protection {
  /** Changed since the last commit. */
  modified: string[];
  /** In no commit, or in no repository at all: their old text could not be brought back. */
  unprotected: string[];
  ignored: string[];
}

const filesPerCall = 500;
const timeoutMs = 30_000;
/** The repository is a stranger's: its configuration must not make git start programs. */
const cautious = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];

/**
 * Asks git about files that are to be rewritten. Each is asked about in the repository that it lies in, so submodules
 * and nested clones count as what they are.
 * @param root real path of the root
 */
export function protectionOf(root: string, files: readonly string[]): Protection {
  const protection: Protection = { modified: [], unprotected: [], ignored: [] };
  const repositories = new Map<string | undefined, string[]>();
  for (const file of files) {
    const repository = repositoryOf(dirname(join(root, file)));
    const members = repositories.get(repository);
    if (members) members.push(file);
    else repositories.set(repository, [file]);
  }
  for (const [repository, members] of repositories) {
    if (repository === undefined) {
      protection.unprotected.push(...members);
      continue;
    }
    const name = (file: string) => relative(repository, join(root, file)).split(sep).join("/");
    const fileOf = new Map(members.map((file) => [name(file), file]));
    try {
      for (const [state, path] of statusOf(repository, [...fileOf.keys()])) {
        const file = fileOf.get(path);
        if (file === undefined) continue;
        if (state === "!!") protection.ignored.push(file);
        else if (state === "??") protection.unprotected.push(file);
        else protection.modified.push(file);
      }
      const absent = [...fileOf].filter(([, file]) => !existsSync(join(root, file)));
      for (const path of ignoredAmong(
        repository,
        absent.map(([name]) => name),
      ))
        protection.ignored.push(fileOf.get(path) ?? path);
    } catch {
      protection.unprotected.push(...members);
    }
  }
  return protection;
}

function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** State and path, as `git status --porcelain=v1` gives them. Clean files are not named. */
function statusOf(repository: string, paths: string[]): [string, string][] {
  const states: [string, string][] = [];
  for (let at = 0; at < paths.length; at += filesPerCall) {
    const output = execFileSync(
      "git",
      [
        ...cautious,
        ...["--no-optional-locks", "--literal-pathspecs"],
        ...["status", "--porcelain=v1", "-z", "--no-renames", "--ignore-submodules=all"],
        ...["--untracked-files=all", "--ignored=traditional", "--"],
        ...paths.slice(at, at + filesPerCall),
      ],
      {
        cwd: repository,
        encoding: "utf8",
        timeout: timeoutMs,
        stdio: ["ignore", "pipe", "ignore"],
        maxBuffer: 2 ** 28,
      },
    );
    for (const entry of output.split("\0")) {
      if (entry.length > 3) states.push([entry.slice(0, 2), entry.slice(3)]);
    }
  }
  return states;
}

/** Files that are not there yet, and that git would not look at: `git status` names none of them. */
function ignoredAmong(repository: string, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  try {
    const output = execFileSync(
      "git",
      [...cautious, "--no-optional-locks", "check-ignore", "-z", "--stdin"],
      {
        cwd: repository,
        encoding: "utf8",
        timeout: timeoutMs,
        input: paths.join("\0"),
        stdio: ["pipe", "pipe", "ignore"],
      },
    );
    return output.split("\0").filter((path) => path !== "");
  } catch (error) {
    // 1 says that it ignores none of them
    if (error instanceof Error && "status" in error && error.status === 1) return [];
    throw error;
  }
}
