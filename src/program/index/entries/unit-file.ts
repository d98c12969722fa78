/** Reads unit files of systemd (https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html). */
import { splitCommands } from "./shell-words.js";

/** How unit files of services are called. */
export const unitName = /^[\w@.:-]+\.service$/;

/** One line `Name=value` of a section; `at` is all of it. */
export interface UnitSetting {
  section: string;
  name: string;
  value: string;
  at: readonly [number, number];
}

/** Longer files are no unit that anybody wrote. */
const longest = 64_000;

/** The settings of a unit file, lines that end in a backslash joined with the next. */
export function settingsOfUnit(text: string): UnitSetting[] {
  if (text.length > longest) return [];
  const found: UnitSetting[] = [];
  let section = "";
  for (const line of text.matchAll(/^(?:[^\n\\]|\\[^]|\\$)*/gm)) {
    const header = /^\s*\[([^\]]+)\]/.exec(line[0]);
    if (header) section = header[1] ?? "";
    const [, blanks = "", name, value = ""] = /^(\s*)([A-Za-z]+)\s*=\s*([^]*)$/.exec(line[0]) ?? [];
    if (name === undefined) continue;
    const start = line.index + blanks.length;
    found.push({
      section,
      name,
      value: value.replace(/\\\r?\n/g, " ").trim(),
      at: [start, line.index + line[0].trimEnd().length],
    });
  }
  return found;
}

/**
 * The one command of a service, without the signs that systemd takes for itself; undefined where there are several, or where names
 * (`%i`) are put into it.
 */
export function commandOfUnit(
  settings: readonly UnitSetting[],
): { words: string[]; setting: UnitSetting } | undefined {
  // an empty one takes back those before it
  const all = settings.filter((s) => s.section === "Service" && s.name === "ExecStart");
  const last = all.findLastIndex((s) => s.value === "");
  const [setting, ...more] = all.slice(last + 1);
  if (!setting || more.length > 0 || /(?<!%)%[A-Za-z]/.test(setting.value)) return undefined;
  const words = splitWords(setting.value.replace(/^[-@:+!|]+/, ""));
  return words.length > 0 ? { words, setting } : undefined;
}

/** The last value of a setting. */
export const lastOf = (settings: readonly UnitSetting[], name: string): UnitSetting | undefined =>
  settings.findLast((s) => s.section === "Service" && s.name === name);

/** The variables of `Environment=`. */
export function environmentOfUnit(
  settings: readonly UnitSetting[],
): Map<string, { value: string; at: readonly [number, number] }> {
  const found = new Map<string, { value: string; at: readonly [number, number] }>();
  for (const { section, name, value, at } of settings) {
    if (section !== "Service" || name !== "Environment") continue;
    if (value === "") found.clear();
    for (const word of splitWords(value)) {
      const [, key, given = ""] = /^(\w+)=([^]*)$/.exec(word) ?? [];
      if (key !== undefined) found.set(key, { value: given, at });
    }
  }
  return found;
}

/** Words, with quotes taken off; there is no shell. */
const splitWords = (value: string): string[] => splitCommands(value.replace(/[;|&()#]/g, "\\$&")).flat();
