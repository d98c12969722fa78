import { asksFor } from "../facts/majors.js";
import type { Project } from "../program/project.js";
import { lockedVersions } from "./lock-files.js";

/**
 * Whether a file surely runs with a version that is below one: its package, or the one at the root, asks for no other, or the lock
 * file has no other.
 * @param names packages by which the same thing can be had; those that are asked for are looked at
 * @param range `<0.49`
 */
export function isSurelyBelow(
  file: string,
  names: readonly string[],
  range: string,
  project: Project,
): boolean {
  const { index } = project;
  const around = index.packageOf(file);
  for (const [dir, json] of [
    [around?.dir ?? "", around?.json],
    ["", index.packageOf("package.json")?.json],
  ] as const) {
    const asked = names.flatMap((name) =>
      [json?.dependencies, json?.devDependencies, json?.peerDependencies].flatMap((list) => {
        const declared = list?.[name];
        return declared === undefined ? [] : [{ name, declared: inCatalog(name, declared, project) }];
      }),
    );
    if (asked.length === 0) continue;
    return asked.every(({ name, declared }) => {
      if (asksFor(declared, range) !== true) return false;
      if (ONE_MINOR.test(declared)) return true;
      const locked = lockedVersions(name, dir, project);
      return locked.length > 0 && locked.every((version) => asksFor(version, range) === true);
    });
  }
  return false;
}

/** A range that no other minor version is in: `1.25.1`, `~1.25.0`, `^0.48.0`. */
const ONE_MINOR = /^(?:[~=v]?\d+\.\d+(?:\.\d+)?|\^0\.\d+(?:\.\d+)?)(?:-[\w.]+)?$/;

/** Whether the package around a file, or the one at the root, asks for a version that may be below one. */
export const mayBeBelow = (file: string, name: string, range: string, project: Project): boolean =>
  [project.index.packageOf(file)?.json, project.index.packageOf("package.json")?.json].some((json) =>
    [json?.dependencies, json?.devDependencies, json?.peerDependencies].some(
      (list) => asksFor(list?.[name], range) === true,
    ),
  );

/** `catalog:` of pnpm: the range stands in the file of the workspace; the default catalog only. */
function inCatalog(name: string, declared: string, project: Project): string {
  if (declared !== "catalog:" && declared !== "catalog:default") return declared;
  const text = project.index.read("pnpm-workspace.yaml") ?? "";
  const [, block = ""] = /^catalog:[ \t]*\r?\n((?:[ \t]+[^\n]*\n|[ \t]*\r?\n)*)/m.exec(`${text}\n`) ?? [];
  const range = new RegExp(`^[ \\t]+["']?${name}["']?:[ \\t]*["']?([^"'\\s#]+)`, "m").exec(block)?.[1];
  return range ?? declared;
}
