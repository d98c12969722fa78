import { runners, wrappers, parallel } from "../../program/index/entries/runners.js";
import { assignmentOf, splitCommands } from "../../program/index/entries/shell-words.js";
import { baseOf } from "../../program/index/paths.js";

/** A flag that makes Node load a module before the program. */
export interface Flag {
  /** As written: `--require`, `-r`. */
  name: string;
  kind: "require" | "import" | "loader";
  value: string;
  /** Stands behind the file of the program, which is given it as an argument of its own. */
  behind: boolean;
}

/** A program that a command line starts by Node or something like it. */
export interface NodeCommand {
  /** `node`, `tsx`, `nodemon`. */
  runner: string;
  /** The file as written; undefined for `NODE_OPTIONS` alone. */
  script: string | undefined;
  flags: readonly Flag[];
  /** Folder changes before it, in order. */
  cwd: readonly string[];
}

const kinds: Readonly<Record<string, Flag["kind"]>> = {
  "-r": "require",
  "--require": "require",
  "--import": "import",
  "--loader": "loader",
  "--experimental-loader": "loader",
};

const NODE = new Set(["node", "nodejs"]);
/** Runners that hand their flags to Node. */
const LIKE_NODE = new Set([
  ...NODE,
  "tsx",
  "ts-node",
  "ts-node-dev",
  "tsnd",
  "nodemon",
  "node-dev",
  "swc-node",
]);
const deepest = 4;

/** The programs that a line starts, with their flags. */
export const nodeCommandsIn = (line: string): NodeCommand[] => read(splitCommands(line), [], 0);

/** The same for a command already split into words. */
export const nodeCommandsOf = (words: readonly string[]): NodeCommand[] => read([[...words]], [], 0);

/** The flags in a value of NODE_OPTIONS. */
export const flagsOfOptions = (value: string): Flag[] => optionsIn(splitCommands(value).flat(), 0).flags;

function read(commands: readonly string[][], outer: readonly Flag[], depth: number): NodeCommand[] {
  if (depth > deepest) return [];
  const found: NodeCommand[] = [];
  const cwd: string[] = [];
  let inherited = outer;
  for (const words of commands) {
    if (words[0] === "cd" && words[1] !== undefined) cwd.push(words[1]);
    else if (words[0] === "export") inherited = [...inherited, ...assignedIn(words.slice(1))];
    else found.push(...readOne(words, inherited, depth).map((c) => ({ ...c, cwd: [...cwd, ...c.cwd] })));
  }
  return found;
}

const assignedIn = (words: readonly string[]): Flag[] =>
  words.flatMap((word) => {
    const assigned = assignmentOf(word);
    return assigned?.name === "NODE_OPTIONS" ? flagsOfOptions(assigned.value) : [];
  });

function readOne(words: readonly string[], outer: readonly Flag[], depth: number): NodeCommand[] {
  const at = words.findIndex((word) => LIKE_NODE.has(baseOf(word)) && !word.startsWith("-"));
  const before = at < 0 ? words : words.slice(0, at);
  const inherited = [...outer, ...assignedIn(before)];
  const head = words.find((word) => !assignmentOf(word)) ?? "";
  // `concurrently "node a.js"`, `sh -c "node a.js"`
  if (at < 0 || parallel.has(baseOf(head)) || /^(?:ba|da|a)?sh$/.test(baseOf(head)))
    return words
      .filter((word) => /\s/.test(word) && !assignmentOf(word))
      .flatMap((word) => read(splitCommands(word), inherited, depth + 1));
  // behind anything but assignments and wrappers it is an argument of something else
  const known = before.every(
    (w, i) => i === 0 || assignmentOf(w) || w.startsWith("-") || wrappers.has(baseOf(w)),
  );
  const runner = baseOf(words[at] ?? "");
  if (!known || (at > 0 && !assignmentOf(head) && head !== words[at] && !wrappers.has(baseOf(head))))
    return [];
  const { flags, next, exec } = optionsIn(words, at + 1, runner);
  if (exec !== undefined) return read(splitCommands(exec), [...inherited, ...flags], depth + 1);
  const script = words[next];
  if (script !== undefined && LIKE_NODE.has(script))
    return readOne(words.slice(next), [...inherited, ...flags], depth + 1);
  const behind = NODE.has(runner) || runner === "tsx" || runner === "ts-node";
  const late = behind && script !== undefined ? behindIn(words.slice(next + 1)) : [];
  return [{ runner, script, flags: [...inherited, ...flags, ...late], cwd: [] }];
}

interface Options {
  flags: Flag[];
  next: number;
  exec: string | undefined;
}

/** The flags before the file of the program. */
function optionsIn(words: readonly string[], start: number, runner = "node"): Options {
  const valued = runners.get(runner)?.valued;
  const flags: Flag[] = [];
  for (let at = start; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") return { flags, next: at + 1, exec: undefined };
    if (!word.startsWith("-")) {
      if (runner === "tsx" && word === "watch") continue;
      return { flags, next: at, exec: undefined };
    }
    const [name = "", given] = /^(-[^=]*)=([^]*)$/.exec(word)?.slice(1) ?? [word];
    const kind = kinds[name];
    if (kind === undefined && valued?.has(name) !== true) continue;
    const value = given ?? words[++at];
    if (value === undefined) break;
    if (kind) flags.push({ name, kind, value, behind: false });
    else if (runner === "nodemon" && (name === "--exec" || name === "-x"))
      return { flags, next: words.length, exec: value };
  }
  return { flags, next: words.length, exec: undefined };
}

/** The flags of Node, written out, among the arguments of the program. */
function behindIn(words: readonly string[]): Flag[] {
  if (words.includes("--")) return [];
  return words.flatMap((word, at): Flag[] => {
    const [name = "", given] = /^(-[^=]*)=([^]*)$/.exec(word)?.slice(1) ?? [word];
    const kind = name === "-r" ? undefined : kinds[name];
    const value = given ?? words[at + 1];
    return kind && value !== undefined && !value.startsWith("-") ? [{ name, kind, value, behind: true }] : [];
  });
}
