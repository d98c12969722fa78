import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import { loadings, usesImports, type Loading } from "../edit/imports.js";
import { list, type Source } from "../edit/source.js";
import { readerBelow } from "./environment.js";
import { cutOut, withComments } from "./lines.js";
import { declaredBy } from "./names.js";
import { firstPlace } from "./place.js";
import type { Scene } from "./scene.js";
import { patchedBelow } from "./scene.js";

/** The import, or the `require`, goes to the first place, but behind what sets up the environment that it may read. */
export function moveLoading(source: Source, { node }: Loading, scene: Scene | undefined): Edit[] | undefined {
  const { at, first } = firstPlace(source);
  if (!first || node === first.node || !source.isFirstOnLine(first.node.start)) return undefined;
  const piece = withComments(source, node);
  const text = source.text.slice(...piece);
  const behind = scene && preparedAt(scene, node.start);
  const place = behind === undefined ? source.insert(at, `${text}\n`) : source.insert(behind, `\n${text}`);
  return [place, ...cutOut(source, [piece])];
}

/**
 * Where the last statement ends that a start may rely on without naming it: globals and variables that are set, and modules that are
 * loaded for what they do. Only as far as nothing is loaded that has to be patched.
 */
function preparedAt(scene: Scene, before: number): number | undefined {
  const { source, project } = scene;
  const all = loadings(source);
  let end: number | undefined;
  for (const statement of list(source.program, "body")) {
    if (statement.start >= before) break;
    const loading = all.find((l) => l.node === statement);
    if (loading && patchedBelow(scene, loading.specifier) !== undefined) break;
    const isBare = loading !== undefined && declaredBy(statement).length === 0;
    const sets = loading
      ? isBare || readsBelow(source.file, loading.specifier, project)
      : !usesImports(source) &&
        /^(?:global(?:This)?|process\.env)(?:\.\w+|\[[^\]]+\])\s*=|\.config\(/.test(source.textOf(statement));
    if (sets) end = withComments(source, statement)[1];
  }
  return end;
}

const readsBelow = (file: string, specifier: string, project: Project): boolean => {
  const target = project.index.resolve(file, specifier);
  return target !== undefined && readerBelow(target, project) !== undefined;
};
