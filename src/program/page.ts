import { lifespanOf } from "./lifespan.js";
import type { Project } from "./project.js";
import type { Run } from "./program.js";
import { says } from "./says.js";

/** A page in a browser, or in the window of a desktop application: no signal comes there, and it ends with its window. */
export const isPage = (run: Run, project: Project): boolean =>
  (mountsReact(run, project) ||
    isComponent(run, project) ||
    says(run.entry.file, TOUCHES_DOCUMENT, project)) &&
  lifespanOf(run, project) !== "service";

const mountsReact = ({ files }: Run, { index }: Project): boolean =>
  [...files].some((file) =>
    index.scan(file).imports.some((i) => i.kind !== "type" && i.specifier === "react-dom/client"),
  );

/** A component that no file loads: nothing but a page would. Those of ink are for a terminal. */
function isComponent({ entry, files }: Run, { index }: Project): boolean {
  const loads = (file: string, name: string): boolean =>
    index.scan(file).imports.some((i) => i.kind !== "type" && i.specifier === name);
  return entry.reason === "root" && loads(entry.file, "react") && ![...files].some((f) => loads(f, "ink"));
}

const TOUCHES_DOCUMENT = /\bdocument\.(getElementById|querySelector|body|addEventListener)\b/;
