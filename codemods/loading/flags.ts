import type { Edit, Repair } from "../../src/finding.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";

/**
 * Names the module that starts telemetry, or puts the flag where Node reads it.
 * @returns undefined for what only a maintainer knows: which file was meant, which version of a package
 */
export function repairPreload(broken: ChainBreak, project: Project): Repair | undefined {
  const [fault, name = "", value = "", instead = ""] = broken.names;
  const { file } = broken.fn.module;
  const [start, end] = broken.at;
  const text = project.index.read(file) ?? "";
  const own = text.slice(start, end);
  if (!own.startsWith(name) || !own.endsWith(value)) return undefined;
  const valueAt = end - value.length;
  const review = (title: string, edits: Edit[]): Repair => ({ level: "review", title, edits });
  if (fault === "idle" || fault === "unfound")
    return review("Name the module that starts telemetry", [{ file, start: valueAt, end, text: instead }]);
  if (fault === "module")
    return review("Import the module", [{ file, start, end: start + name.length, text: "--import" }]);
  if (fault === "hook")
    return review("Register the hook", [
      { file, start, end: start + name.length, text: "--experimental-loader" },
    ]);
  return fault === "behind" ? inFront(file, text, start, end) : undefined;
}

/** The flag goes in front of the file of the program, in a command whose words stand as they are written. */
function inFront(file: string, text: string, start: number, end: number): Repair | undefined {
  const own = text.slice(start, end);
  const before = /(\bnode(?:js)?|\btsx|\bts-node) +([^"'\s]+(?: +[^"'\s]+)*?) +$/.exec(text.slice(0, start));
  const [all, runner = "", words = ""] = before ?? [];
  if (all === undefined || /["']/.test(own)) return undefined;
  const script = words.split(/ +/).findIndex((word) => !word.startsWith("-"));
  const kept = words.split(/ +/).slice(0, script);
  if (script < 0 || kept.some((word) => !word.includes("="))) return undefined;
  const at = start - all.length + runner.length + 1;
  const gap = /^ */.exec(text.slice(end))?.[0].length ?? 0;
  // what stood around the flag closes up, with one blank left where more follows
  const rest = /^["'\n\r]|^$/.test(text.slice(end + gap, end + gap + 1));
  const blanks = / *$/.exec(text.slice(0, start))?.[0].length ?? 0;
  const cut = rest ? { start: start - blanks, end: end + gap } : { start, end: end + gap };
  return {
    level: "review",
    title: "Load it before the program",
    edits: [
      { file, start: at, end: at, text: `${own} ` },
      { file, ...cut, text: "" },
    ],
  };
}
