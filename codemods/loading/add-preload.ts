import type { Repair } from "../../src/finding.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";

/**
 * Gives a command the flag that the start script has.
 * @returns undefined where the program has another path there, and with it perhaps what is preloaded
 */
export function repairNotPreloaded(broken: ChainBreak, project: Project): Repair | undefined {
  const [, name = "", value = "", , script = ""] = broken.names;
  const { file } = broken.fn.module;
  const [start, end] = broken.at;
  const own = project.index.read(file)?.slice(start, end) ?? "";
  const path = escaped(script);
  const forms: [RegExp, (gap: string, quote: string) => string][] = [
    // ["node", "server.js"]
    [
      new RegExp(`((["'])(?:[\\w/]*/)?node\\2(\\s*,\\s*))(?=["']${path}["'])`),
      (gap, quote) => `${quote}${name}${quote}${gap}${quote}${value}${quote}${gap}`,
    ],
    // - node
    // - server.js
    [
      new RegExp(`(-[ ]+()node(\\r?\\n\\s*-[ ]+))(?=["']?${path}["']?\\s*$)`),
      (gap) => `${name}${gap}${value}${gap}`,
    ],
    [new RegExp(`(\\b()node( +))(?=${path}(?:["'\\s]|$))`), (gap) => `${name}${gap}${value}${gap}`],
  ];
  if (script === "") return undefined;
  for (const [form, text] of forms) {
    const found = form.exec(own);
    if (!found) continue;
    const [, head = "", quote = "", gap = ""] = found;
    const at = start + found.index + head.length;
    return {
      level: "review",
      title: "Preload what starts telemetry",
      edits: [{ file, start: at, end: at, text: text(gap, quote) }],
    };
  }
  return undefined;
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
