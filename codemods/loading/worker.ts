import type { Repair } from "../../src/finding.js";
import type { ChainBreak } from "../../src/program/details.js";
import { dirOf } from "../../src/program/index/paths.js";
import type { Project } from "../../src/program/project.js";

/**
 * Hands the flags of the program on, or lets the worker import what starts telemetry.
 * @returns undefined where the entry does not import the file of the start by itself
 */
export function repairWorker(broken: ChainBreak, project: Project): Repair | undefined {
  const [kind, specifier = "", start = ""] = broken.names;
  const { file } = broken.fn.module;
  const [from, end] = broken.at;
  const text = project.index.read(file) ?? "";
  if (kind === "flags" || kind === "spawn") {
    const rest = text.slice(from + 1, end);
    const gap = rest.trimStart().startsWith("]") ? "" : ", ";
    const edit = { file, start: from + 1, end: from + 1, text: `...process.execArgv${gap}` };
    return { level: "review", title: "Hand the flags of the program on", edits: [edit] };
  }
  if (specifier === "" || !/^\s*import\b/.test(text.slice(from, end))) return undefined;
  const first = Math.min(...broken.fn.module.imports.map((i) => i.at[0]));
  const ending = /\.\w+$/.exec(specifier)?.[0] ?? "";
  const path = relative(dirOf(file), start.replace(/\.\w+$/, ""));
  const edit = { file, start: first, end: first, text: `import "${path}${ending}";\n` };
  return { level: "review", title: "Start OpenTelemetry in the worker", edits: [edit] };
}

function relative(dir: string, path: string): string {
  const from = dir === "" ? [] : dir.split("/");
  const to = path.split("/");
  while (from.length > 0 && to.length > 1 && from[0] === to[0]) {
    from.shift();
    to.shift();
  }
  return `${from.length === 0 ? "./" : "../".repeat(from.length)}${to.join("/")}`;
}
