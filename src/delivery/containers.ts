import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import {
  execForm,
  finalInstructions,
  stagesOf,
  type Instruction,
} from "../program/index/entries/dockerfile.js";
import { baseOf, dirOf, joinPath } from "../program/index/paths.js";
import type { Project } from "../program/project.js";
import type { Fn, Span } from "../syntax/ir.js";
import { manifestPlace } from "../program/manifest-place.js";

/** A place in a manifest. */
export interface ManifestSpan {
  /** Stands for the manifest as a whole. */
  fn: Fn;
  at: Span;
}

/** What a container runs first: the words of an exec form, or the line of a shell form. */
export type Command = { words: string[] } | { line: string };

/** A container that an image of the project, or a service of a compose file, describes. */
export interface Container {
  /** Where its command is written. */
  place: ManifestSpan;
  entrypoint: Command | undefined;
  command: Command | undefined;
  /** The image it is built on, with the names of stages resolved. */
  image: string;
  /** The program of `SHELL`, where an image sets one. */
  shell: string | undefined;
  /** Folders of the project that its working directory may stand for. */
  bases: readonly string[];
}

const dockerfileName = /^(?:Dockerfile|Containerfile)|\.dockerfile$/i;
const composeName = /compose[\w.-]*\.ya?ml$/;
const longest = 300_000;

const require = createRequire(import.meta.url);

/** Every container of a project. Images that only build, test or develop are left out. */
export function containersOf(project: Project): Container[] {
  let found = known.get(project);
  if (!found) {
    found = project.index.manifestFiles.flatMap((file) => {
      if (isForWork(file) || project.index.isTest(file)) return [];
      if (dockerfileName.test(baseOf(file))) return imageOf(file, project);
      return composeName.test(baseOf(file)) ? servicesOf(file, project) : [];
    });
    known.set(project, found);
  }
  return found;
}

const known = new WeakMap<Project, Container[]>();

/** `Dockerfile.dev`, `docker-compose.test.yml`, `.devcontainer/Dockerfile`. */
const isForWork = (file: string): boolean =>
  /(^|[./_-])(dev|devel|development|local|test|tests|testing|e2e|ci|debug|devcontainer)([./_-]|$)/i.test(
    file,
  );

function textOf(file: string, project: Project): string | undefined {
  const text = project.index.read(file);
  return text !== undefined && text.length <= longest ? text : undefined;
}

function imageOf(file: string, project: Project): Container[] {
  const text = textOf(file, project);
  if (text === undefined) return [];
  const built = read(text);
  const last = built.command ?? built.entrypoint;
  if (!last) return [];
  return [
    {
      place: { fn: manifestPlace(file, text), at: spanOfLine(text, last.line) },
      entrypoint: built.entrypoint && commandOf(built.entrypoint.value),
      command: built.command && commandOf(built.command.value),
      image: built.image,
      shell: built.shell,
      bases: project.index.commandLines.bases(dirOf(file), built.folders),
    },
  ];
}

interface Built {
  image: string;
  shell: string | undefined;
  folders: string[];
  entrypoint: Instruction | undefined;
  command: Instruction | undefined;
}

function read(text: string): Built {
  const stages = stagesOf(text);
  const built: Built = {
    image: baseImage(text),
    shell: undefined,
    folders: [],
    entrypoint: undefined,
    command: undefined,
  };
  for (const instruction of finalInstructions(stages)) {
    const { name, value } = instruction;
    if (name === "WORKDIR") built.folders.push(value);
    else if (name === "SHELL") built.shell = execForm(value)?.[0];
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

/** Services of a compose file that give a command of their own; the others run what their image says. */
function servicesOf(file: string, project: Project): Container[] {
  const text = textOf(file, project);
  if (text === undefined || !/^services:/m.test(text) || !/\b(command|entrypoint):/.test(text)) return [];
  const { parseDocument, isMap, isScalar } = require("yaml") as typeof Yaml;
  const document = parseDocument(text, { uniqueKeys: false });
  const services = document.get("services");
  if (document.errors.length > 0 || !isMap(services)) return [];
  return services.items.flatMap(({ value }): Container[] => {
    if (!isMap(value) || mountsSources(value.toJSON() as Record<string, unknown>)) return [];
    const command = commandIn(value, "command");
    const entrypoint = commandIn(value, "entrypoint");
    const pair = value.items.find(
      ({ key }) => isScalar(key) && key.value === (command ? "command" : "entrypoint"),
    );
    const [start, end] = rangeOf(pair, text) ?? [];
    const image = imageOfService(value.toJSON() as Record<string, unknown>, file, project);
    if ((!command && !entrypoint) || start === undefined || end === undefined || !image) return [];
    return [
      {
        place: { fn: manifestPlace(file, text), at: [start, end] },
        // `command` is no shell form: compose splits it into words
        entrypoint: entrypoint ?? image.entrypoint,
        command: command ?? (entrypoint ? undefined : image.command),
        image: image.image,
        shell: image.shell,
        bases: image.bases,
      },
    ];
  });
}

/** Folders of the project laid into the container: somebody works on them while it runs. */
function mountsSources({ volumes }: Record<string, unknown>): boolean {
  return (
    Array.isArray(volumes) &&
    volumes.some((volume: unknown) => {
      const source =
        typeof volume === "string" ? volume.split(":")[0] : (volume as { source?: unknown } | null)?.source;
      return (
        typeof source === "string" &&
        /^\.{1,2}(\/[\w.-]+)*\/?$/.test(source) &&
        !/\.\w+$/.test(baseOf(source))
      );
    })
  );
}

function rangeOf(pair: Yaml.Pair | undefined, text: string): Span | undefined {
  const key = pair?.key as Yaml.Node | undefined;
  const value = pair?.value as Yaml.Node | undefined;
  if (!key?.range || !value?.range) return undefined;
  return [key.range[0], text.slice(0, value.range[1]).trimEnd().length];
}

function commandIn(service: Yaml.YAMLMap, field: string): Command | undefined {
  const value: unknown = (service.toJSON() as Record<string, unknown>)[field];
  if (typeof value === "string") return { words: wordsOf(value) };
  if (!Array.isArray(value) || !value.every((word) => typeof word === "string")) return undefined;
  return { words: value };
}

/** Words as compose splits them: blanks, with quotes taken off. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? "");

/** The image of a service: the Dockerfile that it is built from, or its name. */
function imageOfService(
  service: Record<string, unknown>,
  file: string,
  project: Project,
): Container | undefined {
  const { build, image } = service;
  const at =
    typeof build === "string" ? { context: build } : (build as { context?: string; dockerfile?: string });
  if (build !== undefined && build !== null) {
    const dir = joinPath(dirOf(file), at.context ?? ".");
    const dockerfile = dir === undefined ? undefined : joinPath(dir, at.dockerfile ?? "Dockerfile");
    const text = dockerfile === undefined ? undefined : textOf(dockerfile, project);
    if (dockerfile === undefined || text === undefined) return undefined;
    return imageOf(dockerfile, project)[0] ?? emptyImage(dockerfile, text, project);
  }
  if (typeof image !== "string") return undefined;
  return {
    ...emptyImage(file, "", project),
    image: image.toLowerCase(),
    bases: project.index.commandLines.bases(dirOf(file), []),
  };
}

/** An image that starts nothing by itself. */
function emptyImage(file: string, text: string, project: Project): Container {
  const { image, shell, folders } = read(text);
  return {
    place: { fn: manifestPlace(file, text), at: [0, 0] },
    entrypoint: undefined,
    command: undefined,
    image,
    shell,
    bases: project.index.commandLines.bases(dirOf(file), folders),
  };
}
