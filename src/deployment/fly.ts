import { baseOf, dirOf, joinPath } from "../program/index/paths.js";
import { manifestPlace } from "../program/manifest-place.js";
import type { Project } from "../program/project.js";
import type { Fn, Span } from "../syntax/ir.js";
import { splitCommands } from "../program/index/entries/shell-words.js";
import { isForWork } from "./for-work.js";
import { dockerfilesOf, imageOf, type Container } from "./images.js";

/** An app of Fly.io (https://fly.io/docs/reference/configuration/). */
export interface FlyApp {
  /** Stands for its `fly.toml`. */
  fn: Fn;
  /** Its first setting: `app`. */
  at: Span;
  /** `kill_timeout`; `millis` is undefined where it cannot be read. */
  timeout: { millis: number | undefined; at: Span } | undefined;
  /** `kill_signal`. */
  signal: { name: string; at: Span } | undefined;
  /** What its machines run, one for each of its `[processes]`. */
  containers: Container[];
}

interface Setting {
  table: string;
  name: string;
  value: string;
  at: Span;
}

const known = new WeakMap<Project, FlyApp[]>();

/** The apps whose image is built from a Dockerfile of the project. */
export function flyAppsOf(project: Project): FlyApp[] {
  let found = known.get(project);
  if (!found) {
    found = project.index.manifestFiles
      .filter(
        (file) => /^fly[\w.-]*\.toml$/.test(baseOf(file)) && !isForWork(file) && !project.index.isTest(file),
      )
      .flatMap((file) => appIn(file, project) ?? []);
    known.set(project, found);
  }
  return found;
}

function appIn(file: string, project: Project): FlyApp | undefined {
  const text = project.index.read(file);
  if (text === undefined || text.length > 64_000) return undefined;
  const settings = settingsIn(text);
  const top = (name: string): Setting | undefined => settings.find((s) => s.table === "" && s.name === name);
  const build = settings.filter((s) => s.table === "build");
  const dockerfile = build.find((s) => s.name === "dockerfile")?.value ?? "Dockerfile";
  // built from something else, or given another command
  if (build.some((s) => /^(image|builder|buildpacks)$/.test(s.name))) return undefined;
  if (settings.some((s) => s.table === "experimental" && /^(cmd|entrypoint|exec)$/.test(s.name)))
    return undefined;
  const at = joinPath(dirOf(file), dockerfile.replace(/^\/+/, ""));
  const image =
    at !== undefined && dockerfilesOf(project).includes(at) ? imageOf(at, project, dirOf(file)) : undefined;
  const first = top("app") ?? settings[0];
  if (!image || !first) return undefined;
  const fn = manifestPlace(file, text);
  const commands = settings.filter((s) => s.table === "processes" && s.value !== "");
  const [timeout, signal] = [top("kill_timeout"), top("kill_signal")];
  return {
    fn,
    at: first.at,
    timeout: timeout && { millis: millisOf(timeout.value), at: timeout.at },
    signal: signal && { name: signal.value, at: signal.at },
    containers:
      commands.length > 0
        ? commands.map((s) => ({ ...image, command: { words: splitCommands(s.value)[0] ?? [] } }))
        : [image],
  };
}

/** `120`, `"5s"`, `"1m"`; a number is seconds. */
function millisOf(value: string): number | undefined {
  const [, n, unit] = /^(\d+)(s|m|)$/.exec(value) ?? [];
  return n === undefined ? undefined : Number(n) * (unit === "m" ? 60_000 : 1000);
}

/** The settings of a TOML file that are one plain value in one line. */
function settingsIn(text: string): Setting[] {
  const found: Setting[] = [];
  let table = "";
  for (const line of text.matchAll(/^.*$/gm)) {
    const header = /^\s*\[+\s*([\w.-]+)\s*\]+/.exec(line[0]);
    if (header) table = header[1] ?? "";
    const [, blanks = "", all = "", name = "", value = ""] =
      /^(\s*)(([\w-]+)\s*=\s*("[^"]*"|'[^']*'|[^#\s]+))/.exec(line[0]) ?? [];
    if (name === "") continue;
    const start = line.index + blanks.length;
    found.push({
      table,
      name,
      value: value.replace(/^(["'])(.*)\1$/, "$2"),
      at: [start, start + all.length],
    });
  }
  return found;
}
