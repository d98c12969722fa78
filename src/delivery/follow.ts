import {
  managers,
  shellsByName,
  shellsOfImages,
  transparent,
  transparentAs,
  type ShellHabit,
} from "../knowledge/signal-forwarding.js";
import { absolute } from "../deployment/copied.js";
import type { Command, Container, ManifestSpan } from "../deployment/images.js";
import { launchesOfWords, type Launch } from "../program/index/entries/commands.js";
import { assignmentOf, splitCommands } from "../program/index/entries/shell-words.js";
import { baseOf, dirOf } from "../program/index/paths.js";
import type { Entry } from "../program/index/types.js";
import { manifestPlace } from "../program/manifest-place.js";
import type { Project } from "../program/project.js";
import { movedBy } from "./moved.js";
import { goesOn, isSteering, linesOf, tellsItsChildren } from "./script-lines.js";

/**
 * What keeps a signal from a program. `shell-form`: the shell of a shell form. `script`: a shell script that runs it without
 * `exec`. `manager`: `npm start` and its like. `leaves`: a manager that ends at once.
 */
export interface Obstacle {
  kind: "shell-form" | "script" | "manager" | "leaves";
  place: ManifestSpan;
  /** The program that keeps it: `sh`, `npm`. */
  by: string;
  /** What is known of the shell of the image is too little to be sure. */
  unsure: boolean;
  /** The container is run through this one. */
  from: Container;
  /** Folders of the project that may be the working directory there. */
  bases: readonly string[];
  /** What `/bin/sh` of the image does. */
  sh: ShellHabit;
}

/** What a container comes to run, and what stands in front of it. */
export interface Started {
  entries: Entry[];
  /** The package whose framework is started (`next start`), and that framework. */
  framework: string | undefined;
  tool: string | undefined;
  /** The package whose script is run, where the script does not show what it starts. */
  package: string | undefined;
  obstacle: Obstacle | undefined;
}

interface State {
  project: Project;
  container: Container;
  /** What `/bin/sh` of the image does. */
  sh: ShellHabit;
  place: ManifestSpan;
  bases: readonly string[];
  /** The folder of the image in which it runs; undefined where that is not known. */
  workdir: string | undefined;
  /** The first obstacle on the way here. */
  obstacle: Obstacle | undefined;
  /** `"$@"` of a script. */
  args: readonly string[];
  depth: number;
}

const deepest = 8;

/** Follows the first process of a container to the programs of the project that it comes to run. */
export function follow(container: Container, project: Project): Started[] {
  const { entrypoint, command, place, bases, workdir, image, shell } = container;
  const own = shell === undefined ? undefined : shellsByName[baseOf(shell)];
  const sh = own ?? shellsOfImages.find((s) => s.image.test(image))?.habit ?? "unknown";
  const at = { project, container, sh, place, bases, workdir };
  const state: State = { ...at, obstacle: undefined, args: [], depth: 0 };
  if (!entrypoint) return command ? run(command, state) : [];
  if ("line" in entrypoint) return run(entrypoint, state);
  const args = command ? ("words" in command ? command.words : ["/bin/sh", "-c", command.line]) : [];
  return followWords([...entrypoint.words, ...args], state);
}

const run = (command: Command, state: State): Started[] =>
  "words" in command ? followWords(command.words, state) : followLine(command.line, state.sh, "sh", state);

const withObstacle = (state: State, kind: Obstacle["kind"], by: string, unsure = false): State => {
  const { place, container, bases, sh } = state;
  if (container.tells === "all") return state;
  // what is sure stays; what is not gives way to it
  if (state.obstacle && (!state.obstacle.unsure || unsure)) return state;
  return { ...state, obstacle: { kind, place, by, unsure, from: container, bases, sh } };
};

/** A line that a shell runs by `-c`: what counts is its last command. */
function followLine(line: string, habit: ShellHabit, by: string, state: State): Started[] {
  if (
    state.depth > deepest ||
    /\btrap\b|&\s*($|\n)|(?<![|&])&(?!&)/.test(line) ||
    /(?<!\|)\|(?!\|)/.test(line)
  )
    return [];
  const { last, moved } = lastOf(line, state);
  if (!last) return [];
  const deeper = { ...moved, depth: state.depth + 1 };
  if (isExec(last) || habit === "becomes") return followWords(last, deeper);
  return followWords(last, withObstacle(deeper, "shell-form", by, habit === "unknown"));
}

/** The last command of a line, and where the ones before it (`cd server && node x`) have gone. */
function lastOf(line: string, state: State): { last: string[] | undefined; moved: State } {
  const commands = splitCommands(line);
  const last = commands.at(-1);
  const moved = commands.reduce(
    (at, words) => (words[0] === "cd" ? { ...at, ...movedBy(words, at) } : at),
    state,
  );
  return { last: last?.[0] === "cd" ? undefined : last, moved };
}

const isExec = (words: readonly string[]): boolean => words.find((word) => !assignmentOf(word)) === "exec";

function followWords(all: readonly string[], state: State): Started[] {
  if (state.depth > deepest) return [];
  const deeper = { ...state, depth: state.depth + 1 };
  const words = all.slice(all.findIndex((word) => !assignmentOf(word)));
  const [head, ...rest] = words;
  if (head === undefined || assignmentOf(head)) return [];
  const program = baseOf(head);
  if (/^"?\$[@*]"?$/.test(head)) return followWords([...state.args, ...rest], deeper);
  if (transparentAs.has(program)) return followWords(rest.slice(1), deeper);
  if (transparent.has(program)) return followWords(withoutOptions(rest), deeper);
  if (/^(?:ba|da|a)?sh$/.test(program)) return followShell(program, rest, deeper);
  if (isScript(head, state)) return followScript(head, rest, deeper);
  const manager = managerOf(program, deeper);
  if (manager !== undefined) return followManager(manager, words, deeper);
  return startedBy(launchesOfWords(words), state);
}

/** The options of `tini`, `dumb-init` and `env`, assignments and `--` left out. */
function withoutOptions(words: readonly string[]): string[] {
  const dashes = words.indexOf("--");
  if (dashes >= 0 && words.slice(0, dashes).every((w) => w.startsWith("-") || assignmentOf(w)))
    return words.slice(dashes + 1);
  const first = words.findIndex((word) => !word.startsWith("-") && !assignmentOf(word));
  return first < 0 ? [] : words.slice(first);
}

function followShell(program: string, rest: readonly string[], state: State): Started[] {
  const inline = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
  if (inline >= 0)
    return followLine(rest[inline + 1] ?? "", shellsByName[program] ?? state.sh, program, state);
  const at = rest.findIndex((word) => !word.startsWith("-"));
  const file = rest[at];
  return file === undefined ? [] : followScript(file, rest.slice(at + 1), state);
}

/** The script of the project that a path of the image means. */
function scriptAt(written: string, { project, bases, workdir, container }: State): string | undefined {
  const { manifestFiles, commandLines } = project.index;
  const copied = workdir === undefined ? [] : container.copiedFrom(absolute(workdir, written));
  return copied.find((file) => manifestFiles.includes(file)) ?? commandLines.shellScript(written, bases);
}

const isScript = (head: string, state: State): boolean =>
  head.endsWith(".sh") || (/^\.{0,2}\//.test(head) && scriptAt(head, state)?.endsWith(".sh") === true);

/** A shell script of the project: each line that starts something is followed, the last one of all for `"$@"`. */
function followScript(written: string, args: readonly string[], state: State): Started[] {
  const { project } = state;
  const file = scriptAt(written, state);
  const text = file === undefined ? undefined : project.index.read(file);
  if (file === undefined || text === undefined) return [];
  const lines = linesOf(text);
  if (tellsItsChildren(lines.map(({ line }) => line))) return [];
  const fn = manifestPlace(file, text);
  let inside: State = { ...state, args, bases: [...new Set([...state.bases, dirOf(file)])] };
  return lines.flatMap(({ line, at }, n): Started[] => {
    if (isSteering(line)) return [];
    const { last, moved } = lastOf(line, inside);
    // what is done in a shell of its own stays there
    if (!/^\s*\(/.test(line)) inside = moved;
    // what something comes after is a step that ends by itself: a migration, a seed
    if (!last || goesOn(lines.slice(n + 1))) return [];
    const here: State = { ...moved, place: { fn, at } };
    return followWords(last, isExec(last) ? here : withObstacle(here, "script", "sh"));
  });
}

/** The entry of the table of managers. */
function managerOf(program: string, { project, bases }: State): string | undefined {
  const asked = [...bases, ""].map((dir) => {
    const at = dir === "" ? "" : `${dir}/`;
    const json = project.index.packageOf(`${at}package.json`)?.json;
    const [, name, major] = /^(yarn|pnpm)@(\d+)/.exec(String(json?.["packageManager"])) ?? [];
    if (project.index.manifestFiles.includes(`${at}.yarnrc.yml`)) return { name: "yarn", major: 2 };
    return { name, major: Number(major) };
  });
  const declared = (name: string): number | undefined => asked.find((one) => one.name === name)?.major;
  if (program === "yarn" || program === "yarnpkg") return (declared("yarn") ?? 1) > 1 ? "yarn@2" : "yarn";
  if (program === "pnpm" && (declared("pnpm") ?? 7) < 7) return "pnpm@6";
  return program in managers ? program : undefined;
}

function followManager(manager: string, words: readonly string[], state: State): Started[] {
  const { project, sh, bases } = state;
  const by = manager.replace(/@\d+$/, "");
  const habit = managers[manager];
  const [launch] = launchesOfWords(words);
  const next =
    habit === "leaves"
      ? withObstacle(state, "leaves", by)
      : habit === "relays" && sh !== "becomes"
        ? withObstacle(state, "manager", by, sh === "unknown")
        : state;
  if (launch?.kind === "script" && /\b(dev|watch|debug)\b/.test(launch.script)) return [];
  if (launch?.kind !== "script") return startedBy(launchesOfWords(words), next);
  const script = project.index.commandLines.packageScript(launch, bases);
  if (!script) return [];
  const inPackage = {
    ...next,
    bases: [script.dir],
    workdir: script.dir === bases[0] ? next.workdir : undefined,
  };
  // a manager that serves runs its script by a shell of its own, and the shells of the others have been judged above
  const started = followLine(script.command, "becomes", "sh", inPackage);
  if (started.length > 0 || !/^(start|serve|prod)/.test(launch.script)) return started;
  return [
    { entries: [], framework: undefined, tool: undefined, package: script.dir, obstacle: next.obstacle },
  ];
}

function startedBy(launches: readonly Launch[], state: State): Started[] {
  const { project, bases, obstacle } = state;
  const copied = entriesCopied(launches, state);
  const entries = copied.length > 0 ? copied : project.index.commandLines.entriesOf(launches, bases);
  const served = launches.find((launch) => launch.kind === "framework");
  const framework = served
    ? project.index.packageOf(bases[0] ? `${bases[0]}/package.json` : "package.json")?.dir
    : undefined;
  return entries.length > 0 || framework !== undefined
    ? [{ entries, framework, tool: served?.tool, package: undefined, obstacle }]
    : [];
}

/** The programs by the way that their files have come into the image. */
function entriesCopied(launches: readonly Launch[], { project, container, workdir }: State): Entry[] {
  if (workdir === undefined) return [];
  return launches.flatMap((launch) => {
    if (launch.kind !== "file" || launch.cwd.length > 0) return [];
    for (const file of container.copiedFrom(absolute(workdir, launch.file))) {
      // with its preloads any path would be an entry
      const [found] = project.index.commandLines.entriesOf([{ ...launch, file, preloads: [] }], [""]);
      if (found) return project.index.entriesOf(found.file).concat(found);
    }
    return [];
  });
}
