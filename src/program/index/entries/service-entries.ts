/** Entries that process managers and serverless platforms name: pm2, Serverless, SAM, Workers, Vercel, Netlify. */
import { isObject, stringsOf } from "../json.js";
import { baseOf, dirOf, isInside, joinPath } from "../paths.js";
import { launchesOfWords, preloadsOfNodeOptions } from "./commands.js";
import { containerBases } from "./container-entries.js";
import { basesOf, lineOf, placeIn, type EntryContext, type EntryList } from "./context.js";
import type { Starter } from "./start.js";
import { commandOfUnit, environmentOfUnit, lastOf, settingsOfUnit, unitName } from "./unit-file.js";
import { readYaml } from "./yaml-file.js";

const pm2Name = /^(?:ecosystem|pm2|process)[\w.-]*\.(?:[mc]?[jt]s|json|ya?ml)$/;

/** Longer files are no configuration that anybody wrote. */
const longestFile = 64_000;

export function addServices(context: EntryContext, list: EntryList, starter: Starter): void {
  for (const file of [...context.manifests.files, ...context.sources]) {
    const name = baseOf(file);
    if (pm2Name.test(name)) addPm2(context, starter, file);
    else if (/^serverless\.ya?ml$/.test(name)) addServerless(context, list, starter, file);
    else if (/^wrangler\.(?:toml|jsonc?)$/.test(name)) addWrangler(context, list, file);
    else if (name === "vercel.json" || name === "now.json") addFolder(context, list, file, "api");
    else if (name === "netlify.toml") addNetlify(context, list, file);
    else if (unitName.test(name)) addUnit(context, starter, file);
  }
}

/** The program of a service of systemd, with the flags that `Environment=NODE_OPTIONS` adds. */
function addUnit(context: EntryContext, starter: Starter, file: string): void {
  const text = context.manifests.shortText(file, longestFile);
  const settings = settingsOfUnit(text ?? "");
  const command = commandOfUnit(settings);
  if (text === undefined || !command) return;
  const options = environmentOfUnit(settings).get("NODE_OPTIONS")?.value;
  const folder = lastOf(settings, "WorkingDirectory")?.value;
  starter.start(launchesOfWords(command.words, options === undefined ? [] : preloadsOfNodeOptions(options)), {
    bases: containerBases(context, dirOf(file), folder === undefined ? [] : [folder]),
    reason: "unit",
    where: placeIn(file, text.slice(0, command.setting.at[0]).split("\n").length),
    container: true,
  });
}

const pm2App = /(["']?)\bscript\1\s*:\s*(["'`]?)([^"'`,\n}]+)\2/g;

/** By its text: the file is code, which is never run. */
function addPm2(context: EntryContext, starter: Starter, file: string): void {
  const text = context.read(file);
  if (text === undefined || text.length > longestFile) return;
  const apps = [...text.matchAll(pm2App)];
  apps.forEach((app, at) => {
    const open = text.lastIndexOf("{", app.index);
    const begin = Math.max(open, (apps[at - 1]?.index ?? -1) + 1, 0);
    const next = apps[at + 1];
    const end = next === undefined ? text.length : Math.max(text.lastIndexOf("{", next.index), app.index);
    const body = text.slice(begin, end);
    const args = valueOf(body, "node_args|nodeArgs|interpreter_args|interpreterArgs") ?? "";
    const options = valueOf(body, "NODE_OPTIONS") ?? "";
    const preloads = [...preloadsOfNodeOptions(options), ...preloadsOfNodeOptions(args)];
    const script = (app[3] ?? "").trim();
    const words =
      /\s/.test(script) || !/[./]/.test(script)
        ? [script.split(/\s+/), (valueOf(body, "args") ?? "").split(/\s+/)].flat()
        : ["node", script];
    const cwd = valueOf(body, "cwd");
    const bases = basesOf(context, dirOf(file));
    const moved =
      cwd === undefined ? [] : bases.map((base) => joinPath(base, cwd)).filter((base) => base !== undefined);
    starter.start(
      launchesOfWords(
        words.filter((word) => word !== ""),
        preloads,
      ),
      {
        bases: [...moved, ...bases],
        reason: "pm2",
        where: placeIn(file, text.slice(0, app.index).split("\n").length),
        container: true,
      },
    );
  });
}

/** The value of a key, a string or a list of strings joined by blanks. */
function valueOf(body: string, keys: string): string | undefined {
  const match = new RegExp(
    `["']?\\b(?:${keys})\\b["']?\\s*:\\s*(?:"([^"\\n]*)"|'([^'\\n]*)'|\`([^\`]*)\`|\\[([^\\]]*)\\]|([^\\s"'\`\\[{][^\\n,]*))`,
  ).exec(body);
  if (match === null) return undefined;
  if (match[4] !== undefined) return match[4].replace(/["'`,]/g, " ").trim();
  return (match[1] ?? match[2] ?? match[3] ?? match[5] ?? "").trim();
}

function addServerless(context: EntryContext, list: EntryList, starter: Starter, file: string): void {
  const yaml = readYaml(context.manifests, file);
  if (yaml === undefined) return;
  const text = context.manifests.text(file);
  const shared = isObject(yaml["provider"])
    ? stringsOf(yaml["provider"]["environment"])["NODE_OPTIONS"]
    : undefined;
  for (const group of Array.isArray(yaml["functions"])
    ? (yaml["functions"] as unknown[])
    : [yaml["functions"]]) {
    if (!isObject(group)) continue;
    for (const definition of Object.values(group)) {
      const handler = isObject(definition) ? definition["handler"] : undefined;
      if (!isObject(definition) || typeof handler !== "string") continue;
      const where = placeIn(file, lineOf(text, handler));
      const place = {
        bases: basesOf(context, dirOf(file)),
        reason: "serverless",
        where,
        container: true,
      } as const;
      const found = starter.file(handler.replace(/\.[^./]+$/, ""), place);
      const options = stringsOf(definition["environment"])["NODE_OPTIONS"] ?? shared;
      const { preloads, packages } = starter.preloads(
        options === undefined ? [] : preloadsOfNodeOptions(options),
        place,
      );
      if (found !== undefined) list.add(found, "serverless", where, preloads, packages);
    }
  }
}

function addWrangler(context: EntryContext, list: EntryList, file: string): void {
  const text = context.manifests.shortText(file, longestFile) ?? "";
  for (const match of text.matchAll(/^\s*"?main"?\s*[=:]\s*["']([^"'\n]+)["']/gm)) {
    const found = context.resolver.packages.source(dirOf(file), match[1] ?? "");
    if (found !== undefined) list.add(found, "serverless", placeIn(file, lineOf(text, match[0].trim())));
  }
}

function addFolder(context: EntryContext, list: EntryList, manifest: string, folder: string): void {
  const dir = joinPath(dirOf(manifest), folder);
  if (dir === undefined || dir === "") return;
  for (const file of context.sources) {
    if (isInside(file, dir) && !/(?:^|\/)_/.test(file.slice(dir.length)))
      list.add(file, "serverless", { file: manifest });
  }
}

function addNetlify(context: EntryContext, list: EntryList, file: string): void {
  const text = context.manifests.shortText(file, longestFile) ?? "";
  const named = /^\s*(?:functions|directory)\s*=\s*["']([^"'\n]+)["']/m.exec(text)?.[1];
  addFolder(context, list, file, named ?? "netlify/functions");
  addFolder(context, list, file, "netlify/edge-functions");
}
