import { environmentOf, execForm, type Stage } from "../program/index/entries/dockerfile.js";
import { baseOf, joinPath } from "../program/index/paths.js";

/**
 * Where the files of an image come from, by `COPY` and `ADD`, through the stages that it is copied from
 * (https://docs.docker.com/reference/dockerfile/#copy).
 */
export interface CopiedFiles {
  /** The working directory of the image at last, absolute. */
  workdir: string;
  /**
   * What a path of the image is in the project, likeliest first.
   * @param path absolute
   * @returns paths from the folder that the image is built in; none where a step of the build makes the file
   */
  from(path: string): string[];
}

interface Copy {
  sources: readonly string[];
  /** Absolute. */
  to: string;
  /** It is written as a folder: `./`. */
  intoFolder: boolean;
  /** The stage that it is copied from; undefined: the project. */
  stage: number | undefined;
}

interface StageFiles {
  copies: Copy[];
  workdir: string;
}

const deepest = 8;
const most = 12;

/** The files of the last stage. */
export function copiedFiles(written: readonly Stage[]): CopiedFiles {
  const read: StageFiles[] = [];
  const stages = withVariables(written);
  stages.forEach((stage, at) => read.push(filesOf(stage, at, stages, read)));
  const last = read.at(-1);
  return {
    workdir: last?.workdir ?? "/",
    from: (path) => [...new Set(last ? trace(path, last, read, 0) : [])].slice(0, most),
  };
}

/** `WORKDIR $APP`: the values that `ARG` and `ENV` give, of every stage. */
function withVariables(stages: readonly Stage[]): Stage[] {
  const known = new Map<string, string>();
  for (const { instructions } of stages)
    for (const { name, value } of instructions) {
      if (name !== "ENV" && !(name === "ARG" && value.includes("="))) continue;
      for (const [variable, given] of environmentOf(value)) known.set(variable, given);
    }
  const filled = (value: string): string =>
    value.replace(/\$(?:(\w+)|\{(\w+)\})/g, (all, a?: string, b?: string) => known.get(a ?? b ?? "") ?? all);
  return stages.map((stage) => ({
    ...stage,
    instructions: stage.instructions.map((one) =>
      /^(WORKDIR|COPY|ADD)$/.test(one.name) ? { ...one, value: filled(one.value) } : one,
    ),
  }));
}

const stageCalled = (name: string, before: number, stages: readonly Stage[]): number | undefined => {
  const at = /^\d+$/.test(name)
    ? Number(name)
    : stages.slice(0, before).findLastIndex((s) => s.name === name.toLowerCase());
  return at >= 0 && at < before ? at : undefined;
};

function filesOf(
  stage: Stage,
  at: number,
  stages: readonly Stage[],
  read: readonly StageFiles[],
): StageFiles {
  const below = stageCalled(stage.base, at, stages);
  const base = below === undefined ? undefined : read[below];
  const found: StageFiles = { copies: [...(base?.copies ?? [])], workdir: base?.workdir ?? "/" };
  for (const { name, value } of stage.instructions) {
    if (name === "WORKDIR") found.workdir = absolute(found.workdir, value.replace(/^(["'])(.*)\1$/, "$2"));
    if (name !== "COPY" && name !== "ADD") continue;
    const copy = copyOf(value, found.workdir, (from) => stageCalled(from, at, stages));
    if (copy) found.copies.push(copy);
  }
  return found;
}

function copyOf(
  value: string,
  workdir: string,
  stageOf: (name: string) => number | undefined,
): Copy | undefined {
  const flags = /^(?:--\S+\s+)*/.exec(value)?.[0] ?? "";
  const rest = value.slice(flags.length);
  const words = execForm(rest) ?? rest.split(/\s+/).map((word) => word.replace(/^(["'])(.*)\1$/, "$2"));
  const from = /--from=(\S+)/.exec(flags)?.[1];
  const stage = from === undefined ? undefined : stageOf(from);
  const to = words.at(-1);
  // from an image of somebody else
  if (to === undefined || words.length < 2 || (from !== undefined && stage === undefined)) return undefined;
  const intoFolder = words.length > 2 || /(^|\/)\.{0,2}$/.test(to);
  return { sources: words.slice(0, -1), to: absolute(workdir, to), intoFolder, stage };
}

/** A path of an image, from the folder in which it is written. */
export function absolute(workdir: string, path: string): string {
  return `/${joinPath(path.startsWith("/") ? "" : workdir.slice(1), path.replace(/^\/+/, "")) ?? ""}`;
}

/** The last copy that may have brought a path goes first. */
function trace(path: string, { copies }: StageFiles, all: readonly StageFiles[], depth: number): string[] {
  if (depth > deepest) return [];
  return copies.toReversed().flatMap((copy) =>
    copy.sources.flatMap((source) => {
      const below = behind(path, source, copy);
      if (below === undefined) return [];
      if (copy.stage === undefined) return joinPath("", below.replace(/^\/+/, "")) ?? [];
      const stage = all[copy.stage];
      return stage ? trace(absolute("/", below), stage, all, depth + 1) : [];
    }),
  );
}

/** What of a source stands at a path: a file by its own name in a folder, or what is in a folder. */
function behind(path: string, source: string, { to, intoFolder }: Copy): string | undefined {
  const folder = to === "/" ? "" : to;
  // `package*.json`
  if (source.includes("*")) {
    const name = baseOf(path);
    const pattern = baseOf(source).split("*");
    if (path !== `${folder}/${name}` || pattern.length !== 2) return undefined;
    const fits = name.startsWith(pattern[0] ?? "") && name.endsWith(pattern[1] ?? "");
    return fits ? `${source.slice(0, source.length - baseOf(source).length)}${name}` : undefined;
  }
  if (intoFolder && path === `${folder}/${baseOf(source)}` && !source.endsWith("/")) return source;
  if (path === to) return source;
  return path.startsWith(`${folder}/`)
    ? `${source.replace(/\/$/, "")}/${path.slice(folder.length + 1)}`
    : undefined;
}
