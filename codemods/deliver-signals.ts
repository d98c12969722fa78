import { containersOf } from "../src/delivery/containers.js";
import { follow, type Obstacle } from "../src/delivery/follow.js";
import { managers } from "../src/knowledge/signal-forwarding.js";
import type { Edit, Refusal, Repair } from "../src/finding.js";
import { launchesOfWords } from "../src/program/index/entries/commands.js";
import { assignmentOf, splitCommands } from "../src/program/index/entries/shell-words.js";
import type { Project } from "../src/program/project.js";
import type { Report } from "../src/program/view.js";
import { repairGrace } from "./deployment/grace.js";
import { repairSignal } from "./deployment/signal.js";
import { repairUnit } from "./deployment/unit.js";
import { execFormOf, lastCommandAt, plainWords, withoutShell } from "./delivery/words.js";

/**
 * Lets a signal reach the program: exec form, `exec`, the command that the script of a package manager runs, the signal that it
 * hears, or a longer period until it is killed.
 * @returns undefined where the command cannot be written without a shell, or the script does more than run it
 */
export function repairDeliverSignals(report: Report, project: Project): Repair | Refusal | undefined {
  if (report.check === "grace") return repairGrace(report, project);
  if (report.check === "signal") return repairSignal(report, project);
  const obstacle = obstacleOf(report, project);
  if (!obstacle) return undefined;
  if (obstacle.place.fn.module.file.endsWith(".service")) return repairUnit(obstacle, project);
  const edit =
    obstacle.kind === "shell-form"
      ? // behind the shell the manager would lose the signal next
        (programItself(obstacle, project) ?? execForm(obstacle, project))
      : obstacle.kind === "script"
        ? (isLostBehind(obstacle, project) ? programItself : execInScript)(obstacle, project)
        : programItself(obstacle, project);
  const title =
    obstacle.kind === "script" ? "Run the program in place of the shell" : "Run the program itself";
  return edit && { level: "review", title, edits: [edit] };
}

function obstacleOf({ details, at, module }: Report, project: Project): Obstacle | undefined {
  if (details?.kind !== "chain-break") return undefined;
  return containersOf(project)
    .flatMap((container) => follow(container, project))
    .flatMap(({ obstacle }) => obstacle ?? [])
    .find(
      (o) => o.kind === details.check && o.place.fn.module.file === module.file && o.place.at[0] === at[0],
    );
}

interface Written {
  file: string;
  /** `CMD `, `command: `, `"command": `, or the blanks in front of the command in a script. */
  keyword: string;
  /** Where the command begins. */
  start: number;
  end: number;
  text: string;
}

/** The command as it is written, without its keyword. */
function written({ place }: Obstacle, project: Project): Written | undefined {
  const { file } = place.fn.module;
  const text = project.index.read(file);
  if (text === undefined) return undefined;
  const [start, end] = place.at;
  const [keyword = ""] =
    /^(?:(?:CMD|ENTRYPOINT)\s+|["']?(?:command|entrypoint)["']?:\s*)?/i.exec(text.slice(start, end)) ?? [];
  const at = start + keyword.length;
  return { file, keyword, start: at, end, text: text.slice(at, end) };
}

/** `CMD node x` -> `CMD ["node", "x"]`; what needs the shell keeps it, with `exec` in front of its last command. */
function execForm(obstacle: Obstacle, project: Project): Edit | undefined {
  const at = written(obstacle, project);
  if (!at || at.keyword === "" || /\\\s*$/.test(at.text)) return undefined;
  const words = listedWords(at) ?? plainWords(at.text);
  if (words) {
    const own = withoutInnerShell(words, obstacle, project);
    return own && listInstead(at, own);
  }
  if (/^(\[|-\s|[|>])/.test(at.text)) return undefined;
  const last = at.start + lastCommandAt(at.text);
  return { file: at.file, start: last, end: last, text: "exec " };
}

/** The words of a list, in JSON or with a line for each. */
function listedWords({ text }: Written): string[] | undefined {
  if (text.startsWith("[")) return jsonWords(text);
  const lines = text
    .split(/\r?\n/)
    .map((line) => /^\s*-\s+(?:"([^"\\]*)"|'([^']*)'|([\w./@=-][^#"':]*))\s*$/.exec(line));
  return lines.every((m) => m !== null) ? lines.map((m) => (m[1] ?? m[2] ?? m[3] ?? "").trim()) : undefined;
}

/** Words in the place of a command; a list with a line for each word begins on the next line. */
function listInstead(at: Written, words: readonly string[]): Edit {
  const { file, start, end, keyword } = at;
  const inLines = at.text.startsWith("-");
  const from = inLines ? start - keyword.length + keyword.trimEnd().length : start;
  return { file, start: from, end, text: `${inLines ? " " : ""}${execFormOf(words)}` };
}

/** `sh -c "node x"` -> `node x`; what needs that shell keeps it, with `exec` in front of its last command. */
function withoutInnerShell(
  words: readonly string[],
  { bases }: Obstacle,
  project: Project,
): string[] | undefined {
  const [shell = "", option = "", line, ...more] = words;
  if (!/^(?:.*\/)?(?:ba|da|a)?sh$/.test(shell)) return withoutShell(words);
  if (!/^-[a-z]*c$/.test(option) || line === undefined || more.length > 0) return undefined;
  const inner = plainWords(line);
  if (inner) return programOf(inner, bases, project) ?? withoutShell(inner);
  const last = lastCommandAt(line);
  return [shell, option, `${line.slice(0, last)}exec ${line.slice(last)}`];
}

/** `node x` at the end of a script -> `exec node x`. */
function execInScript(obstacle: Obstacle, project: Project): Edit | undefined {
  const at = written(obstacle, project);
  const text = at && project.index.read(at.file);
  if (!at || text === undefined || hasMore(text.slice(at.end))) return undefined;
  const last = at.start + lastCommandAt(at.text);
  return { file: at.file, start: last, end: last, text: "exec " };
}

/** The command of a script is a package manager that would lose the signal next. */
function isLostBehind(obstacle: Obstacle, project: Project): boolean {
  const words = plainWords(written(obstacle, project)?.text ?? "");
  const manager = words?.find((word) => /^(npm|npx|pnpm|yarn|yarnpkg)$/.test(word));
  if (manager === undefined) return false;
  return managers[manager] === "leaves" || obstacle.sh !== "becomes";
}

const hasMore = (rest: string): boolean => rest.split("\n").some((line) => !/^\s*(#.*)?$/.test(line));

/** `npm start` -> what the script runs. */
function programItself(obstacle: Obstacle, project: Project): Edit | undefined {
  const at = written(obstacle, project);
  const { from: container, bases } = obstacle;
  if (!at) return undefined;
  const words = listedWords(at) ?? plainWords(at.text);
  const isExec = words?.[0] === "exec";
  const wrapper = words?.findIndex((word) => /^(npm|npx|pnpm|yarn|yarnpkg)$/.test(word)) ?? -1;
  if (!words || wrapper < 0) return undefined;
  const program = programOf(words.slice(wrapper), bases, project);
  if (!program) return undefined;
  const kept = words.slice(0, wrapper).filter((word) => word !== "exec" && !assignmentOf(word));
  const all = [...kept, ...program];
  const inScript = at.keyword === "";
  if (inScript) {
    const text = project.index.read(at.file) ?? "";
    if ((!isExec && hasMore(text.slice(at.end))) || all.some((word) => /[\s"']/.test(word))) return undefined;
    return { file: at.file, start: at.start, end: at.end, text: ["exec", ...all].join(" ") };
  }
  const entrypoint =
    container.entrypoint && "words" in container.entrypoint ? container.entrypoint.words : [];
  // an entry point that is the manager itself cannot be repaired in the command
  if (entrypoint.some((word) => /^(npm|npx|pnpm|yarn)$/.test(word)) && !/^ENTRYPOINT/i.test(at.keyword))
    return undefined;
  return listInstead(at, all);
}

function jsonWords(text: string): string[] | undefined {
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : undefined;
  } catch {
    return undefined;
  }
}

/** The words of the one program that a script of package.json runs, in the folder in which the container runs. */
function programOf(
  words: readonly string[],
  bases: readonly string[],
  project: Project,
): string[] | undefined {
  if (words[0] === "npx") return installed(words.slice(1), bases, project);
  const [launch] = launchesOfWords(words);
  if (launch?.kind !== "script" || words.includes("--")) return undefined;
  // another folder or package than the one in which the container runs
  if (launch.cwd.length > 0 || launch.workspace !== undefined) return undefined;
  const script = project.index.commandLines.packageScript(launch, bases);
  if (!script) return undefined;
  const scripts = project.index.packageOf(script.dir === "" ? "package.json" : `${script.dir}/package.json`)
    ?.json?.scripts;
  if (scripts?.[`pre${launch.script}`] !== undefined || scripts?.[`post${launch.script}`] !== undefined)
    return undefined;
  const own = plainWords(script.command);
  if (!own || splitCommands(script.command).length !== 1) return undefined;
  const bare = withoutShell(own);
  const head = bare.findIndex((word) => word !== "env" && !assignmentOf(word));
  const program = bare[head];
  if (program === undefined || /^(npm|npx|pnpm|yarn|nodemon|concurrently|run-[ps])$/.test(program))
    return undefined;
  // a manager finds programs of packages; without one they are named by their path
  const named = program === "node" || program.includes("/") ? program : `node_modules/.bin/${program}`;
  return [...bare.slice(0, head), named, ...bare.slice(head + 1)];
}

/** `npx tsx x.ts` of a package that is asked for: its program lies beside the package. */
function installed(
  [program = "", ...rest]: readonly string[],
  bases: readonly string[],
  project: Project,
): string[] | undefined {
  const json = project.index.packageOf(bases[0] ? `${bases[0]}/package.json` : "package.json")?.json;
  const isAsked = [json?.dependencies, json?.devDependencies].some((list) => list?.[program] !== undefined);
  return isAsked ? [`node_modules/.bin/${program}`, ...rest] : undefined;
}
