import { isPublished } from "./lifespan.js";
import type { Project } from "./project.js";
import type { Run } from "./program.js";

/** What sails loads by itself: hooks, helpers, models and what else stands in these folders. */
const SAILS = /(^|\/)(api|config)\//;

/** A file of a framework that loads whole folders, and imports none of it: every file is a root of its own. */
export function isLoadedByFolder({ entry, started }: Run, { index }: Project): boolean {
  const json = index.packageOf(entry.file)?.json;
  return (
    entry.reason === "root" &&
    started.size > 0 &&
    SAILS.test(entry.file) &&
    json?.dependencies?.sails !== undefined
  );
}

/** The files that a program comes to load, those included that a framework finds by their folder. */
export function filesOf(run: Run, project: Project): readonly string[] {
  const { index } = project;
  const files = [...run.files];
  if (isLoadedByFolder(run, project)) {
    const dir = index.packageOf(run.entry.file)?.dir;
    files.push(
      ...index.sources.filter((f) => SAILS.test(f) && !run.files.has(f) && index.packageOf(f)?.dir === dir),
    );
  }
  return files.filter((f) => !index.isTest(f)).sort();
}

/** A file of a package that others install as well: what it runs is for those who run it to judge. */
export function isOfLibrary(file: string, run: Run, project: Project): boolean {
  const { index } = project;
  if (index.packageOf(file)?.dir === index.packageOf(run.entry.file)?.dir) return false;
  return isPublished({ ...run, entry: { ...run.entry, file } }, project);
}
