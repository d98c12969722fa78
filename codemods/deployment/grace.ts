import { shortGraces, type ShortGrace } from "../../src/delivery/short-grace.js";
import type { Edit, Refusal, Repair } from "../../src/finding.js";
import { graceSetting, longestStopTimeout } from "../../src/knowledge/grace-periods.js";
import type { Project } from "../../src/program/project.js";
import type { Report } from "../../src/program/view.js";
import { indentAt, lineAbove, lineBelow } from "./lines.js";

/** Beyond what the program gives itself: the kill must not come in the moment in which it ends. */
const beyond = {
  kubernetes: 5_000,
  compose: 5_000,
  pm2: 1_000,
  fly: 5_000,
  ecs: 5_000,
  systemd: 5_000,
} as const;

/** Writes a period that is longer than what the program gives itself. */
export function repairGrace(report: Report, project: Project): Repair | Refusal | undefined {
  const { file } = report.module;
  const short = shortGraces(project).find(
    ({ grace }) => grace.place.fn.module.file === file && grace.place.at[0] === report.at[0],
  );
  const text = project.index.read(file);
  if (!short || text === undefined) return undefined;
  if (short.grace.by === "ecs" && short.needed.millis + beyond.ecs > longestStopTimeout)
    return { refused: "Fargate allows two minutes at most: the program has to give itself less" };
  const edits = short.grace.stated ? replaced(short, file, text) : added(short, file, text);
  if (edits.length === 0) return undefined;
  return { level: "review", title: `Set \`${graceSetting[short.grace.by]}\``, edits };
}

/** The period as the manifest writes it. */
function periodOf({ grace, needed }: ShortGrace): string {
  const millis = needed.millis + grace.preStop + beyond[grace.by];
  if (grace.by === "pm2") return String(millis);
  const seconds = String(Math.ceil(millis / 1000));
  return grace.by === "compose" ? `${seconds}s` : seconds;
}

/** The value of the setting, quotes and what follows kept. */
function replaced(short: ShortGrace, file: string, text: string): Edit[] {
  const [start, end] = short.grace.place.at;
  const written = /^(?:["']?\w+["']?\s*[:=]\s*)?(["']?)[\d.]+\w*(["']?)$/.exec(text.slice(start, end));
  const value = /[\d.]+\w*(?=["']?$)/.exec(text.slice(start, end));
  if (!written || !value) return [];
  const at = start + value.index;
  // Fly.io takes seconds as a number, and a text with its unit
  const unit = short.grace.by === "fly" && /[a-z]$/.test(value[0]) ? "s" : "";
  return [{ file, start: at, end: at + value[0].length, text: `${periodOf(short)}${unit}` }];
}

function added(short: ShortGrace, file: string, text: string): Edit[] {
  const { grace } = short;
  const { inside, place } = grace;
  if (grace.by === "fly")
    return [lineBelow(file, text, place.at[1], "", `${graceSetting.fly} = ${periodOf(short)}`)];
  if (grace.by === "systemd")
    return [lineBelow(file, text, place.at[1], "", `${graceSetting.systemd}=${periodOf(short)}`)];
  const line = `${graceSetting[grace.by]}: ${periodOf(short)}`;
  if (/\.[mc]?[jt]s$|\.json$/.test(file)) return besideScript(file, text, place.at[1], line);
  const indent = inside && indentAt(text, inside.at);
  if (!inside || indent === undefined) return [];
  const edit = inside.above
    ? lineAbove(file, text, inside.at, line)
    : lineBelow(file, text, inside.end, indent, line);
  return edit ? [edit] : [];
}

/** A property behind `script` or `name`, on a line of its own where that has one; a comment behind it stays. */
function besideScript(file: string, text: string, at: number, line: string): Edit[] {
  const written = file.endsWith(".json") ? line.replace(/^\w+/, '"$&"') : line;
  const before = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  const [indent = ""] = /^\s*/.exec(before) ?? [];
  if (!/^\s*["']?(?:script|name)["']?\s*:/.test(before))
    return [{ file, start: at, end: at, text: `, ${written}` }];
  if (/^\s*,/.test(text.slice(at))) return [lineBelow(file, text, at, indent, `${written},`)];
  return [{ file, start: at, end: at, text: "," }, lineBelow(file, text, at, indent, written)];
}
