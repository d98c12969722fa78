import type { Edit, Repair } from "../../src/finding.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";

/** The option around a value goes, with the line that it has to itself. */
function withoutOption(file: string, text: string, start: number, end: number): Edit {
  const from = /[ \t]*["']?noExternal["']?\s*:\s*$/.exec(text.slice(0, start))?.index ?? start;
  const comma = /^[ \t]*,?/.exec(text.slice(end))?.[0].length ?? 0;
  const line = /(^|\n)$/.test(text.slice(0, from))
    ? (/^[ \t]*\r?\n/.exec(text.slice(end + comma))?.[0].length ?? 0)
    : 0;
  return { file, start: from, end: end + comma + line, text: "" };
}

/**
 * Leaves every package out of the bundle.
 * @returns undefined for bundlers that have no such option
 */
export function repairBundled(broken: ChainBreak, project: Project): Repair | undefined {
  const { file } = broken.fn.module;
  const [start, end] = broken.at;
  const text = project.index.read(file) ?? "";
  const own = text.slice(start, end);
  const level = "review";
  const title = "Leave packages out of the bundle";
  if (own === "--bundle")
    return { level, title, edits: [{ file, start: end, end, text: " --packages=external" }] };
  if (broken.names[2] === "tsup") return { level, title, edits: [withoutOption(file, text, start, end)] };
  if (!/^bundle\b/.test(own)) return undefined;
  // on a line of its own where the option has one
  const indent = /\n([ \t]*)$/.exec(text.slice(0, start))?.[1];
  const gap = indent === undefined ? " " : `\n${indent}`;
  return { level, title, edits: [{ file, start: end, end, text: `,${gap}packages: "external"` }] };
}
