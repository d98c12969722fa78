import {
  execForm,
  finalInstructions,
  stagesOf,
  type Instruction,
} from "../program/index/entries/dockerfile.js";
import { baseOf, dirOf, joinPath } from "../program/index/paths.js";
import { manifestPlace } from "../program/manifest-place.js";
import type { Project } from "../program/project.js";
import type { Fn, Span } from "../syntax/ir.js";
import { absolute, copiedFiles } from "./copied.js";
import { isForWork } from "./for-work.js";

/** A place in a manifest. */
export interface ManifestSpan {
  /** Stands for the manifest as a whole. */
  fn: Fn;
  at: Span;
}

/** What a container runs first: the words of an exec form, or the line of a shell form. */
export type Command = { words: string[] } | { line: string };

/** A container that an image of the project, a service of a compose file, or a pod describes. */
export interface Container {
  /** Where its command is written. */
  place: ManifestSpan;
  entrypoint: Command | undefined;
  command: Command | undefined;
  /** The image it is built on, with the names of stages resolved. */
  image: string;
  /** The program of `SHELL`, where an image sets one. */
  shell: string | undefined;
  /** `STOPSIGNAL`, where an image sets one. */
  signal: string | undefined;
  /** Folders of the project that its working directory may stand for. */
  bases: readonly string[];
  /** Its working directory. */
  workdir: string;
  /** The folder of its Dockerfile. */
  dir: string;
  /** Paths of the project that an absolute path of the image may have been copied from, likeliest first. */
  copiedFrom: (path: string) => string[];
  /** `all`: everybody in it gets the signal, not only its first process. */
  tells?: "all" | "first";
}

const dockerfileName = /^(?:Dockerfile|Containerfile)|\.dockerfile$/i;
const longest = 300_000;

const known = new WeakMap<Project, string[]>();

/** The Dockerfiles of a project, but those for work on it. */
export function dockerfilesOf(project: Project): string[] {
  let found = known.get(project);
  if (!found) {
    found = project.index.manifestFiles.filter(
      (file) => dockerfileName.test(baseOf(file)) && !isForWork(file) && !project.index.isTest(file),
    );
    known.set(project, found);
  }
  return found;
}

/**
 * What a Dockerfile makes; an image that starts nothing by itself has neither entry point nor command.
 * @param context the folder that it is built in, where that is known
 */
export function imageOf(file: string, project: Project, context?: string): Container | undefined {
  const text = project.index.read(file);
  if (text === undefined || text.length > longest) return undefined;
  const built = read(text);
  const last = built.command ?? built.entrypoint;
  const dir = dirOf(file);
  const files = copiedFiles(stagesOf(text));
  const contexts = context === undefined ? [...new Set([dir, ""])] : [context];
  const copiedFrom = (path: string): string[] =>
    contexts.flatMap((folder) => files.from(path).flatMap((below) => joinPath(folder, below) ?? []));
  return {
    place: { fn: manifestPlace(file, text), at: last ? spanOfLine(text, last.line) : [0, 0] },
    entrypoint: built.entrypoint && commandOf(built.entrypoint.value),
    command: built.command && commandOf(built.command.value),
    image: built.image,
    shell: built.shell,
    signal: built.signal,
    bases: basesOf({ dir, workdir: files.workdir, copiedFrom }, built.folders, project),
    workdir: files.workdir,
    dir,
    copiedFrom,
  };
}

/** Folders of the project that a working directory may stand for: the one that its package.json comes from goes first. */
export function basesOf(
  { dir, workdir, copiedFrom }: Pick<Container, "dir" | "workdir" | "copiedFrom">,
  folders: readonly string[],
  project: Project,
): string[] {
  const packages = copiedFrom(absolute(workdir, "package.json"))
    .map(dirOf)
    .filter((folder) => project.index.packageOf(folder === "" ? "x" : `${folder}/x`)?.dir === folder);
  return [...new Set([...packages, ...project.index.commandLines.bases(dir, folders)])];
}

/** An image from elsewhere, of which only the name is known. */
export function foreignImage(name: string, place: ManifestSpan, project: Project): Container {
  return {
    place,
    entrypoint: undefined,
    command: undefined,
    image: name.toLowerCase(),
    shell: undefined,
    signal: undefined,
    bases: project.index.commandLines.bases(dirOf(place.fn.module.file), []),
    workdir: "/",
    dir: dirOf(place.fn.module.file),
    copiedFrom: () => [],
  };
}

interface Built {
  image: string;
  shell: string | undefined;
  signal: string | undefined;
  folders: string[];
  entrypoint: Instruction | undefined;
  command: Instruction | undefined;
}

function read(text: string): Built {
  const stages = stagesOf(text);
  const built: Built = {
    image: baseImage(text),
    shell: undefined,
    signal: undefined,
    folders: [],
    entrypoint: undefined,
    command: undefined,
  };
  for (const instruction of finalInstructions(stages)) {
    const { name, value } = instruction;
    if (name === "WORKDIR") built.folders.push(value);
    else if (name === "SHELL") built.shell = execForm(value)?.[0];
    else if (name === "STOPSIGNAL") built.signal = value;
    else if (name === "CMD") built.command = instruction;
    else if (name === "ENTRYPOINT") {
      built.entrypoint = instruction;
      // an entry point of its own lets go of the command of the image below
      built.command = undefined;
    }
  }
  return built;
}

/** The image below the last stage, stages and build arguments resolved. */
function baseImage(text: string): string {
  const stages = stagesOf(text);
  let image = stages.at(-1)?.base ?? "";
  for (let at = stages.length - 1; at >= 0; at--)
    if (stages[at]?.name === image) image = stages[at]?.base ?? "";
  return image.replace(/\$\{?(\w+)[^}\s]*\}?/g, (all, name: string) => {
    const given = new RegExp(`^ARG\\s+${name}=(\\S+)`, "im").exec(text)?.[1];
    return given?.replace(/["']/g, "").toLowerCase() ?? all;
  });
}

const commandOf = (value: string): Command => {
  const words = execForm(value);
  return words ? { words } : { line: value };
};

/** The span of an instruction's first line, from its first character. */
function spanOfLine(text: string, line: number): Span {
  let start = 0;
  for (let n = 1; n < line; n++) start = text.indexOf("\n", start) + 1;
  const end = text.indexOf("\n", start);
  return [start, (end < 0 ? text : text.slice(0, end)).trimEnd().length];
}
