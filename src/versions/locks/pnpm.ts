import { escaped, type LockReader } from "./reader.js";

/**
 * `pnpm-lock.yaml`, formats 5 to 9. pnpm writes it by itself and always in the same form, so the lines of the importers, which
 * stand in front of the packages, are enough; parsing the whole YAML takes seconds.
 */
export const readPnpmLock: LockReader = (text) => {
  const end = /^packages:/m.exec(text)?.index ?? text.length;
  // format 5 lists what is asked for in front of what is installed
  const head = text.slice(0, end).replace(/^( *)specifiers:[ ]*\r?\n(?:\1 .*\r?\n)*/gm, "");
  const importers = /^importers:[ ]*$/m.exec(head);
  return ({ dir, name }) => {
    if (!importers && dir !== "") return undefined;
    const own = importers ? blockOf(head.slice(importers.index), dir === "" ? "." : dir) : head;
    const indent = importers ? 6 : 2;
    const entry = new RegExp(
      String.raw`^ {${String(indent)}}['"]?${escaped(name)}['"]?:[ ]*(?:(\S.*)|((?:\r?\n {${String(indent + 2)}}.*)+))`,
      "m",
    ).exec(own);
    const written = entry?.[1] ?? /^ *version: *(\S.*)$/m.exec(entry?.[2] ?? "")?.[1];
    // `1.30.1(@opentelemetry/api@1.9.0)`, `1.30.1_@opentelemetry+api@1.9.0`
    return /^['"]?(\d+\.\d+\.\d+[\w.+-]*?)(?:[_(].*)?['"]?\s*$/.exec(written ?? "")?.[1];
  };
};

/** The lines of one importer. */
function blockOf(importers: string, dir: string): string {
  const start = new RegExp(String.raw`^ {2}['"]?${escaped(dir)}['"]?: *\r?$`, "m").exec(importers);
  if (!start) return "";
  const rest = importers.slice(start.index + start[0].length);
  return rest.slice(0, /^ {0,2}\S/m.exec(rest)?.index);
}
