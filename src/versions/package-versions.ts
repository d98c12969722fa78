import { asksFor } from "../facts/majors.js";
import type { Project } from "../program/project.js";
import { lockedVersions } from "./lock-files.js";

/**
 * Whether what a file runs with is surely in a range, as far as its package tells: every range that package.json asks for has to
 * be, or, where it names no version (`latest`, `catalog:`), every version of the lock file. The package around the file is asked
 * first, then the one at the root.
 * @param since packages that go together, each with the range that is asked about
 * @returns undefined when neither asks for any of the packages
 */
export function runsWith(
  file: string,
  since: Readonly<Record<string, string>>,
  project: Project,
): boolean | undefined {
  const { index } = project;
  const around = index.packageOf(file);
  for (const [dir, json] of [
    [around?.dir ?? "", around?.json],
    ["", index.packageOf("package.json")?.json],
  ] as const) {
    const asked = Object.keys(since).flatMap((name) =>
      [json?.dependencies, json?.devDependencies, json?.peerDependencies, json?.optionalDependencies].flatMap(
        (list) => (list?.[name] === undefined ? [] : [[name, list[name]] as const]),
      ),
    );
    if (asked.length === 0) continue;
    const known = asked.flatMap(([name, range]) => isInRange(range, since[name]) ?? []);
    if (known.length > 0) return known.every((within) => within);
    const locked = asked.flatMap(([name]) =>
      lockedVersions(name, dir, project).map((version) => isInRange(version, since[name]) ?? false),
    );
    return locked.length > 0 && locked.every((within) => within);
  }
  return undefined;
}

/** `^1.30 || ^2.0` asks for both; undefined when a part names no version. */
function isInRange(declared: string, range: string | undefined): boolean | undefined {
  if (range === undefined) return undefined;
  const parts = declared.split("||").map((part) => asksFor(part.trim(), range));
  return parts.includes(undefined) ? undefined : parts.every((within) => within);
}

/** Whether the package around a file, or the one at the root, may ask for a version in a range. */
export function mayAskFor(file: string, name: string, range: string, project: Project): boolean {
  return [project.index.packageOf(file)?.json, project.index.packageOf("package.json")?.json].some((json) =>
    [json?.dependencies, json?.devDependencies, json?.peerDependencies].some((list) =>
      (list?.[name] ?? "").split("||").some((part) => asksFor(part.trim(), range) === true),
    ),
  );
}
