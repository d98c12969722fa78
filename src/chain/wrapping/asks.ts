import type { Project } from "../../program/project.js";

/** Whether the package around a file depends on one with such a name. */
export function asksForPackage(file: string, name: RegExp, { index }: Project): boolean {
  const json = index.packageOf(file)?.json;
  return [json?.dependencies, json?.peerDependencies].some((list) =>
    Object.keys(list ?? {}).some((dependency) => name.test(dependency)),
  );
}
