import { absolute } from "../deployment/copied.js";
import type { Container } from "../deployment/images.js";
import { dirOf, isInside, joinPath } from "../program/index/paths.js";
import type { Project } from "../program/project.js";

/** Where a command of a container runs: in the image, and the folders of the project that this may be. */
export interface Where {
  project: Project;
  container: Container;
  bases: readonly string[];
  workdir: string | undefined;
}

/** Where the commands behind a `cd` run. One to a folder that is not known changes nothing. */
export function movedBy(words: readonly string[], where: Where): Pick<Where, "bases" | "workdir"> {
  const { project, bases } = where;
  const [, to, ...more] = words;
  if (to === undefined || more.length > 0 || /[$`*?~]|^-/.test(to)) return { bases, workdir: undefined };
  const workdir =
    where.workdir === undefined && !to.startsWith("/") ? undefined : absolute(where.workdir ?? "/", to);
  if (workdir === where.workdir) return { bases, workdir };
  const beside = to.startsWith("/") ? [] : bases.flatMap((base) => joinPath(base, to) ?? []);
  const found = [...(workdir === undefined ? [] : foldersOf(workdir, where)), ...beside].filter((folder) =>
    isFolder(folder, project),
  );
  return { bases: found.length > 0 ? [...new Set(found)] : bases, workdir };
}

/** Folders of the project that one of the image may be, by its copies and by its name. */
const foldersOf = (workdir: string, { project, container }: Where): string[] => [
  ...container.copiedFrom(absolute(workdir, "package.json")).map(dirOf),
  ...project.index.commandLines.bases("", [workdir]).filter((folder) => folder !== ""),
];

const isFolder = (folder: string, project: Project): boolean =>
  folder === "" || project.index.sources.some((file) => isInside(file, folder));
