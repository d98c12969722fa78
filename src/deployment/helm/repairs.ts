import type { Edit, Refusal, Repair } from "../../finding.js";
import type { Project } from "../../program/project.js";
import type { ProjectIndex } from "../../program/index/types.js";
import { renderedTextOf, writtenEdit } from "../../program/rendered.js";
import type { Report } from "../../program/view.js";
import { renderedTemplate } from "./charts.js";

type Asked = Repair | Refusal | undefined;

/**
 * Asks for the repair of a report. A codemod is shown the templates of Helm charts as they are rendered, and its edits are taken back
 * to the template or the file of values that the text comes from.
 * @returns undefined also where an edit has no such place
 */
export function repairInTemplates(report: Report, project: Project, ask: (project: Project) => Asked): Asked {
  const repair = ask(renderedTextOf(report.module) === undefined ? project : asRendered(project));
  if (!repair || "refused" in repair) return repair;
  const edits: Edit[] = [];
  for (const edit of repair.edits) {
    const rendered = edit.creates ? undefined : renderedTemplate(edit.file, project);
    const written = rendered ? writtenEdit(edit, project.index.read(edit.file) ?? "", rendered) : edit;
    if (!written) return undefined;
    edits.push(written);
  }
  return { ...repair, edits };
}

/** The same project, with templates as they are rendered. */
function asRendered(project: Project): Project {
  const read = (file: string): string | undefined =>
    renderedTemplate(file, project)?.text ?? project.index.read(file);
  const index = Object.create(project.index, { read: { value: read } }) as ProjectIndex;
  return Object.create(project, { index: { value: index } }) as Project;
}
