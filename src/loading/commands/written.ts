import { containersOf } from "../../delivery/containers.js";
import type { Command } from "../../deployment/images.js";
import { pm2AppsOf, type Pm2App } from "../../deployment/pm2.js";
import { environmentOf, finalInstructions, stagesOf } from "../../program/index/entries/dockerfile.js";
import { baseOf, dirOf } from "../../program/index/paths.js";
import { manifestPlace } from "../../program/manifest-place.js";
import type { Project } from "../../program/project.js";
import type { Fn, Span } from "../../syntax/ir.js";
import { documentsOf } from "./documents.js";
import { commandOfNodemon, optionsOfHosts, optionsOfNpm } from "./environments.js";
import { flagsOfOptions, nodeCommandsIn, nodeCommandsOf, type Flag, type NodeCommand } from "./flags.js";

/** A command line of a manifest, and what it starts. */
export interface Written {
  /** Stands for the manifest. */
  fn: Fn;
  /** Where the command is written. */
  at: Span;
  commands: readonly NodeCommand[];
  /** Folders of the project that its working directory may stand for. */
  bases: readonly string[];
  /** The image of a container, as far as it is known. */
  image: string;
  /** The name of a script of package.json. */
  script: string | undefined;
  /** The command of a container or a Procfile, which may run a script of package.json. */
  words?: readonly string[];
}

const known = new WeakMap<Project, Written[]>();

/** Every command line of the manifests of a project that starts Node, or gives it options. */
export function writtenIn(project: Project): Written[] {
  let found = known.get(project);
  if (!found) {
    const { index } = project;
    const files = index.manifestFiles.filter((file) => !index.isTest(file));
    found = [
      ...files.flatMap((file) => (baseOf(file) === "package.json" ? scriptsOf(file, project) : [])),
      ...containersOf(project).map((container): Written => {
        const { place, entrypoint, command, bases, image } = container;
        const words = [...wordsOf(entrypoint), ...wordsOf(command)];
        const commands = nodeCommandsOf(words);
        return { fn: place.fn, at: place.at, commands, bases, image, script: undefined, words };
      }),
      ...files.flatMap((file) => (/^Procfile/.test(baseOf(file)) ? linesOf(file, project) : [])),
      ...files.flatMap((file) =>
        /^(?:Dockerfile|Containerfile)|\.dockerfile$/i.test(baseOf(file)) ? imageOptions(file, project) : [],
      ),
      ...files.flatMap((file) => (/\.ya?ml$/.test(file) ? documentsOf(file, project) : [])),
      ...pm2AppsOf(project).flatMap(appsOf),
      ...optionsOfHosts(project),
      ...files.flatMap((file) => (baseOf(file) === ".npmrc" ? optionsOfNpm(file, project) : [])),
      ...files.flatMap((file) =>
        /^(?:nodemon|package)\.json$/.test(baseOf(file)) ? commandOfNodemon(file, project) : [],
      ),
    ].filter(({ commands, words, script }) => commands.length > 0 || (words ?? script) !== undefined);
    known.set(project, found);
  }
  return found;
}

/** An app of pm2: its program, and each place where it is given flags. */
function appsOf({ fn, at, script, flags, bases }: Pm2App): Written[] {
  const program: NodeCommand = { runner: "node", script, flags: [], cwd: [] };
  const all = flags.flatMap(({ text }) => flagsOfOptions(text));
  const shared = { fn, bases, image: "", script: undefined, words: ["node", script] };
  const given = flags.map((f): Written => ({
    ...shared,
    at: f.at,
    commands: [optionsAlone(flagsOfOptions(f.text), program)],
  }));
  // an app without flags is a command too
  const plain: Written = { ...shared, at, commands: [program] };
  return all.length > 0 ? given : [plain];
}

/** The words of a command; a shell form as the shell is given it. */
const wordsOf = (command: Command | undefined): string[] =>
  !command ? [] : "words" in command ? command.words : ["sh", "-c", `${command.line} `];

/** The scripts of a package.json that are run by its own name. */
function scriptsOf(file: string, project: Project): Written[] {
  const text = project.index.read(file);
  const scripts = project.index.packageOf(file)?.json?.scripts;
  const from = text?.search(/"scripts"\s*:/) ?? -1;
  if (text === undefined || !scripts || from < 0) return [];
  const fn = manifestPlace(file, text);
  return Object.entries(scripts).flatMap(([script, command]): Written[] => {
    if (typeof command !== "string") return [];
    const raw = JSON.stringify(command);
    const key = new RegExp(`${escaped(JSON.stringify(script))}\\s*:\\s*`, "g");
    key.lastIndex = from;
    const start = key.exec(text) ? key.lastIndex : -1;
    if (start < 0 || !text.startsWith(raw, start)) return [];
    const at: Span = [start + 1, start + raw.length - 1];
    return [{ fn, at, commands: nodeCommandsIn(command), bases: [dirOf(file)], image: "", script }];
  });
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** The lines of a Procfile. */
function linesOf(file: string, project: Project): Written[] {
  const text = project.index.read(file);
  if (text === undefined || text.length > 64_000) return [];
  const fn = manifestPlace(file, text);
  return [...text.matchAll(/^([\w-]+\s*:\s*)(.+)$/gm)].map((m): Written => {
    const start = m.index + (m[1] ?? "").length;
    const line = (m[2] ?? "").trimEnd();
    const bases = project.index.commandLines.bases(dirOf(file), []);
    return {
      fn,
      at: [start, start + line.length],
      commands: nodeCommandsIn(line),
      bases,
      image: "",
      script: undefined,
      words: ["sh", "-c", `${line} `],
    };
  });
}

/** `ENV NODE_OPTIONS` of the image, with the program that the image starts. */
function imageOptions(file: string, project: Project): Written[] {
  const text = project.index.read(file);
  const container = containersOf(project).find((c) => c.place.fn.module.file === file);
  if (text === undefined || !container || !text.includes("NODE_OPTIONS")) return [];
  const [program] = nodeCommandsOf([...wordsOf(container.entrypoint), ...wordsOf(container.command)]);
  const { bases, image, place } = container;
  return finalInstructions(stagesOf(text)).flatMap(({ name, value, line }): Written[] => {
    const options = name === "ENV" ? environmentOf(value).get("NODE_OPTIONS") : undefined;
    if (options === undefined) return [];
    const at = spanOf(text, line, "NODE_OPTIONS");
    return [
      {
        fn: place.fn,
        at,
        commands: [optionsAlone(flagsOfOptions(options), program)],
        bases,
        image,
        script: undefined,
      },
    ];
  });
}

/** Options that stand apart from the program that they are given to. */
export const optionsAlone = (flags: readonly Flag[], program?: NodeCommand): NodeCommand => ({
  runner: program?.runner ?? "node",
  script: program?.script,
  flags,
  cwd: program?.cwd ?? [],
});

/** From a word in an instruction to the end of what belongs to it. */
function spanOf(text: string, line: number, word: string): Span {
  let start = 0;
  for (let n = 1; n < line; n++) start = text.indexOf("\n", start) + 1;
  const at = text.indexOf(word, start);
  const rest = /^[^\n]*(?:\\\r?\n[^\n]*)*/.exec(text.slice(at))?.[0] ?? "";
  return [at, at + rest.trimEnd().length];
}
