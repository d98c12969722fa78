import type { Project } from "../../src/program/project.js";
import type { Run } from "../../src/program/program.js";
import { list } from "../edit/source.js";
import type { Page } from "../ending/page.js";
import type { AnyCloser } from "./closer.js";
import type { Draft } from "./draft.js";

/** The file of an Electron program that has the application by its name; undefined for other programs. */
export function electronMain(
  run: Run,
  project: Project,
  open: (file: string) => Page | undefined,
): Page | undefined {
  if (!isImported(project)) return undefined;
  const files = [run.entry.file, ...run.files].filter((file) => hasApp(file, project));
  const [file] = files;
  return file === undefined ? undefined : open(file);
}

/** Some file of the project asks for Electron: else there is no need to read the files. */
function isImported(project: Project): boolean {
  const { index } = project;
  let known = imported.get(project);
  if (known === undefined) {
    known = index.sources.some((f) => index.scan(f).imports.some((i) => i.specifier === "electron"));
    imported.set(project, known);
  }
  return known;
}

const imported = new WeakMap<Project, boolean>();

function hasApp(file: string, project: Project): boolean {
  const module = project.module(file);
  const bind = module?.bindings.find((b) => b.name === "app");
  if (!module || !bind) return false;
  return project.values
    .of({ k: "id", name: "app", bind, at: bind.at }, module)
    .some((v) => v.v === "package" && v.specifier === "electron");
}

/**
 * Electron ends without `beforeExit`: the quit is put off until telemetry is closed.
 * Read in the documentation of Electron 38: `will-quit` can be prevented, and `app.quit()` asks again.
 */
export function closeBeforeQuit(page: Page, closer: AnyCloser, draft: Draft): boolean {
  const last = list(page.program, "body").findLast((s) => /^app\s*\./.test(page.textOf(s)));
  const close = last && closer.promiseIn(page);
  if (!last || !close) return false;
  const { semicolon: e, indent: step, quote: q } = page.style;
  draft.behind(page, last, [
    `app.once(${q}will-quit${q}, (event) => {`,
    `${step}event.preventDefault()${e}`,
    `${step}void ${close.awaited}.finally(() => app.quit())${e}`,
    `})${e}`,
  ]);
  return true;
}
