/** What files of npm and nodemon add to the commands of a package. */
import { isObject, stringsOf } from "../json.js";
import { dirOf } from "../paths.js";
import { preloadsOfNodeOptions } from "./commands.js";
import type { EntryContext } from "./context.js";
import { sourceName } from "../../../syntax/source-names.js";

/** Longer files are no settings that anybody wrote. */
const longest = 64_000;

/** `node-options` of a `.npmrc`: where it stands, and its value. No other line of that file is looked at. */
export function nodeOptionsIn(text: string): { value: string; at: readonly [number, number] } | undefined {
  const found = /^[ \t]*node-options[ \t]*=[ \t]*(?:"([^"\r\n]*)"|'([^'\r\n]*)'|([^\r\n]*))/m.exec(text);
  if (!found) return undefined;
  const value = (found[1] ?? found[2] ?? found[3] ?? "").trim();
  const start = found.index + found[0].search(/\S/);
  return { value, at: [start, found.index + found[0].trimEnd().length] };
}

/**
 * What npm and pnpm preload into the scripts of a package: `node-options` of its `.npmrc`, or of one above it
 * (https://docs.npmjs.com/cli/v11/using-npm/config#node-options; measured with npm 11.19).
 */
export function preloadsOfNpmrc(context: EntryContext, dir: string): string[] {
  for (let at = dir; ; at = dirOf(at)) {
    const file = at === "" ? ".npmrc" : `${at}/.npmrc`;
    const text = context.manifests.has(file) ? context.manifests.shortText(file, longest) : undefined;
    const found = text === undefined ? undefined : nodeOptionsIn(text);
    if (found) return preloadsOfNodeOptions(found.value);
    if (at === "") return [];
  }
}

/**
 * The command that nodemon runs for a file by its settings, `nodemon.json` or `nodemonConfig` of package.json
 * (https://github.com/remy/nodemon#config-files); undefined where they name none.
 */
export function commandOfNodemon(context: EntryContext, dir: string, file: string): string | undefined {
  const at = dir === "" ? "" : `${dir}/`;
  const own = context.manifests.has(`${at}nodemon.json`)
    ? context.manifests.object(`${at}nodemon.json`)
    : context.resolver.packages.in(dir)?.json?.["nodemonConfig"];
  if (!isObject(own)) return undefined;
  const { exec } = own;
  const ending = /\.(\w+)$/.exec(file)?.[1] ?? "js";
  const command = typeof exec === "string" ? exec : stringsOf(own["execMap"])[ending];
  if (command === undefined) return undefined;
  const named = command
    .split(/\s+/)
    .some((word, i) => i > 0 && sourceName.test(word) && !isValue(command, word));
  return named || file === "." ? command : `${command} ${file}`;
}

/** The word stands behind a flag that takes it. */
const isValue = (command: string, word: string): boolean =>
  new RegExp(
    `(?:^|\\s)(?:-r|--require|--import|--loader|--experimental-loader)[\\s=]+["']?${escaped(word)}`,
  ).test(command);

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
