import type { Project } from "./project.js";

/** What is looked for in a text: a word as it stands, or a pattern without the flags `g` and `y`. */
export type Sought = string | RegExp;

/**
 * Whether the text of a file has a word or a pattern; a file that cannot be read has none. Programs share their files, so the
 * answer is kept: a pattern has to be one value for all who ask, and none that is made for the question.
 */
export function says(file: string, sought: Sought, project: Project): boolean {
  let asked = answers.get(project);
  if (!asked) answers.set(project, (asked = new Map()));
  let files = asked.get(sought);
  if (!files) asked.set(sought, (files = new Map()));
  let said = files.get(file);
  if (said === undefined) {
    const text = project.index.read(file) ?? "";
    files.set(file, (said = typeof sought === "string" ? text.includes(sought) : sought.test(text)));
  }
  return said;
}

const answers = new WeakMap<Project, Map<Sought, Map<string, boolean>>>();
