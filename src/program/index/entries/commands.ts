/** Reads a command line and tells what it starts: a file, a script of a package, a framework. */
import { baseOf } from "../paths.js";
import {
  frameworkServers,
  frameworkTools,
  parallel,
  runnerOfNode,
  runners,
  wrappers,
  type Runner,
} from "./runners.js";
import { assignmentOf, splitCommands } from "./shell-words.js";
import { sourceName } from "../../../syntax/source-names.js";

interface Common {
  /** As written, in order: paths and specifiers. */
  preloads: string[];
  /** Folder changes before it (`cd x`, `--cwd x`), as written, in order. */
  cwd: string[];
}

export type Launch =
  /** `nodemon`: started by it, so that its settings have a say. */
  | (Common & { kind: "file"; file: string; nodemon?: true })
  /** `npm run start`; `workspace` is the name or folder of another package. */
  | (Common & { kind: "script"; script: string; workspace?: string })
  | (Common & { kind: "framework"; tool: string })
  | (Common & { kind: "shell"; file: string });

const deepestNesting = 5;

/** What a command line starts. `inherited` are preloads that the environment already asks for. */
export function launchesOf(line: string, inherited: readonly string[] = []): Launch[] {
  return read(splitCommands(line), { preloads: [...inherited], cwd: [] }, 0);
}

/** The same for a command already split into words. */
export function launchesOfWords(words: readonly string[], inherited: readonly string[] = []): Launch[] {
  return read([[...words]], { preloads: [...inherited], cwd: [] }, 0);
}

/** Modules that the value of NODE_OPTIONS loads first. */
export function preloadsOfNodeOptions(value: string): string[] {
  return optionsOf(splitCommands(value).flat(), 0, runnerOfNode).preloads;
}

function read(commands: string[][], outer: Common, depth: number): Launch[] {
  if (depth > deepestNesting) return [];
  const launches: Launch[] = [];
  let cwd = outer.cwd;
  let preloads = outer.preloads;
  for (const words of commands) {
    if (words[0] === "cd" && words[1] !== undefined) cwd = [...cwd, words[1]];
    else if (words[0] === "export") {
      for (const word of words.slice(1)) preloads = [...preloads, ...preloadsOfAssignment(word)];
    } else launches.push(...readOne(words, { preloads, cwd }, depth));
  }
  return launches;
}

function preloadsOfAssignment(word: string): string[] {
  const assigned = assignmentOf(word);
  return assigned?.name === "NODE_OPTIONS" ? preloadsOfNodeOptions(assigned.value) : [];
}

function readOne(all: string[], outer: Common, depth: number): Launch[] {
  let preloads = outer.preloads;
  let at = 0;
  for (const word of all) {
    if (assignmentOf(word) === undefined) break;
    preloads = [...preloads, ...preloadsOfAssignment(word)];
    at++;
  }
  const words = all.slice(at);
  const common: Common = { preloads, cwd: outer.cwd };
  const head = words[0];
  if (head === undefined || depth > deepestNesting) return [];
  const program = baseOf(head).replace(/\.(?:exe|cmd)$/, "");
  const rest = words.slice(1);

  if (/^(?:ba|da|z|a)?sh$/.test(program)) return readShell(rest, common, depth);
  if (wrappers.has(program)) return readWrapped(program, rest, common, depth);
  if (parallel.has(program)) return readParallel(program, rest, common, depth);
  if (/^(?:npm|pnpm|yarn|bun)$/.test(program)) {
    const launches = readPackageManager(program, rest, common, depth);
    if (launches !== undefined) return launches;
  }
  if (program === "deno" && rest[0] === "task" && rest[1] !== undefined)
    return [{ kind: "script", script: rest[1], ...common }];
  if (
    program === "start-server-and-test" ||
    program === "docker" ||
    program === "podman" ||
    program === "echo"
  )
    return [];
  const runner = runners.get(program);
  if (runner !== undefined) return readRunner(program, runner, rest, common, depth);
  if (
    frameworkServers.has(program) ||
    frameworkTools.get(program)?.has(rest.find((word) => !word.startsWith("-")) ?? "") === true
  ) {
    return [{ kind: "framework", tool: program, ...common }];
  }
  if (head.endsWith(".sh")) return [{ kind: "shell", file: head, ...common }];
  if (sourceName.test(head) && /[/\\]/.test(head)) return [{ kind: "file", file: head, ...common }];
  // An unknown program in front of a known one (`withenv node x.js`).
  const known = rest.findIndex(
    (word) => runners.has(baseOf(word)) && !word.startsWith("-") && baseOf(word) !== "electron",
  );
  return known < 0 || known > 6 ? [] : readOne(rest.slice(known), common, depth + 1);
}

function readShell(rest: string[], common: Common, depth: number): Launch[] {
  const inline = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
  if (inline >= 0) return read(splitCommands(rest[inline + 1] ?? ""), common, depth + 1);
  const file = rest.find((word) => !word.startsWith("-"));
  return file === undefined ? [] : [{ kind: "shell", file, ...common }];
}

function readWrapped(program: string, rest: string[], common: Common, depth: number): Launch[] {
  const dashes = rest.indexOf("--");
  if (dashes >= 0)
    return readOne(
      [
        ...rest.slice(0, dashes).filter((word) => assignmentOf(word) !== undefined),
        ...rest.slice(dashes + 1),
      ],
      common,
      depth + 1,
    );
  const assigned: string[] = [];
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? "";
    if (assignmentOf(word) !== undefined) assigned.push(word);
    else if (program === "npx" && (word === "-p" || word === "--package")) at++;
    else if (!word.startsWith("-") && isProgram(word))
      return readOne([...assigned, ...rest.slice(at)], common, depth + 1);
    // `cross-env-shell "NODE_ENV=x node y"` and `dotenv "node y"`.
    else if (word.includes(" ")) return read(splitCommands(word), common, depth + 1);
  }
  return [];
}

function isProgram(word: string): boolean {
  const name = baseOf(word).replace(/@[^/]*$/, "");
  return (
    runners.has(name) ||
    wrappers.has(name) ||
    parallel.has(name) ||
    frameworkTools.has(name) ||
    frameworkServers.has(name) ||
    /^(?:npm|pnpm|yarn|(?:ba|da|z|a)?sh)$/.test(name) ||
    word.endsWith(".sh") ||
    (sourceName.test(word) && word.includes("/"))
  );
}

function readParallel(program: string, rest: string[], common: Common, depth: number): Launch[] {
  const launches: Launch[] = [];
  const namesScripts = program.startsWith("run-") || program.startsWith("npm-run-all");
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? "";
    if (
      /^(?:-n|--names|-c|--prefix-colors|-p|--prefix|--kill-others-on-fail=.*|-m|--max-processes)$/.test(
        word,
      ) &&
      !namesScripts
    )
      at++;
    else if (word.startsWith("-")) continue;
    else if (namesScripts) launches.push({ kind: "script", script: word, ...common });
    else if (/^(?:npm|yarn|pnpm|bun):/.test(word))
      launches.push({ kind: "script", script: word.slice(word.indexOf(":") + 1), ...common });
    else launches.push(...read(splitCommands(word), common, depth + 1));
  }
  return launches;
}

const managerVerbs =
  /^(?:install|i|ci|add|remove|publish|pack|link|audit|config|init|create|dedupe|outdated|up|upgrade|why|x?version|cache|login|list|ls|build|test|t|changeset|patch|rebuild|prune|store|fetch|deploy|licenses)$/;

/** npm, pnpm, yarn and bun as runners of scripts and programs; undefined when it is a file that bun runs. */
function readPackageManager(
  program: string,
  rest: string[],
  common: Common,
  depth: number,
): Launch[] | undefined {
  let workspace: string | undefined;
  let cwd = common.cwd;
  const words: string[] = [];
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? "";
    const [option, value] = splitOption(word);
    if (
      /^(?:--filter|-F|-w|--workspace)$/.test(option) &&
      program !== "yarn" &&
      (value ?? rest[at + 1]) !== undefined &&
      !(program === "pnpm" && option === "-w")
    ) {
      workspace = value ?? rest[++at];
    } else if (/^(?:-C|--prefix|--cwd|--dir)$/.test(option) && (value ?? rest[at + 1]) !== undefined) {
      cwd = [...cwd, value ?? rest[++at] ?? "."];
    } else if (words.length === 0 && word.startsWith("-")) {
      if (program === "bun" && runners.get("bun")?.valued.has(word) === true) return undefined;
    } else words.push(word);
  }
  let [verb, ...after] = words;
  if (program === "yarn" && verb === "workspace") [workspace, verb, ...after] = after;
  if (verb === undefined) return program === "bun" ? undefined : [];
  const placed: Common = { preloads: common.preloads, cwd };
  if (verb === "exec" || verb === "dlx" || verb === "x")
    return readOne(after[0] === "--" ? after.slice(1) : after, placed, depth + 1);
  const script = verb === "run" || verb === "run-script" ? after.find((word) => !word.startsWith("-")) : verb;
  if (script === undefined) return [];
  if (program === "bun" && (sourceName.test(script) || script.startsWith("."))) return undefined;
  if (program === "npm" && verb === script && !/^(?:start|stop|restart)$/.test(verb)) return [];
  if (verb === script && managerVerbs.test(verb)) return [];
  if ((program === "yarn" || program === "pnpm") && verb === script && isProgram(verb))
    return readOne(words, placed, depth + 1);
  return [{ kind: "script", script, ...(workspace === undefined ? {} : { workspace }), ...placed }];
}

function splitOption(word: string): [string, string | undefined] {
  const equals = word.startsWith("-") ? word.indexOf("=") : -1;
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

interface Options {
  preloads: string[];
  cwd: string[];
  exec: string | undefined;
  nodeArgs: string[];
  inline: boolean;
  /** Index of the first word that is no option. */
  next: number;
}

function optionsOf(words: readonly string[], start: number, runner: Runner): Options {
  const options: Options = {
    preloads: [],
    cwd: [],
    exec: undefined,
    nodeArgs: [],
    inline: false,
    next: words.length,
  };
  for (let at = start; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") {
      options.next = at + 1;
      return options;
    }
    if (!word.startsWith("-")) {
      options.next = at;
      return options;
    }
    const [option, given] = splitOption(word);
    if (runner.inline.has(option)) options.inline = true;
    if (!runner.valued.has(option)) continue;
    const value = given ?? words[++at];
    if (value === undefined) continue;
    if (runner.preload.has(option)) options.preloads.push(value);
    else if (option === "--cwd") options.cwd.push(value);
    else if (runner.exec?.has(option) === true) options.exec = value;
    else if (option === "--node-args" || option === "--interpreter-args")
      options.nodeArgs.push(...preloadsOfNodeOptions(value));
  }
  return options;
}

function readRunner(
  program: string,
  runner: Runner,
  rest: string[],
  common: Common,
  depth: number,
): Launch[] {
  const before = optionsOf(rest, 0, runner);
  const verb = runner.verbs?.has(rest[before.next] ?? "") === true ? before.next : undefined;
  if (verb === undefined && runner.needsVerb === true) return [];
  const after = verb === undefined ? before : optionsOf(rest, verb + 1, runner);
  const trailing = program.startsWith("pm2") ? optionsOf(rest, after.next + 1, runner) : undefined;
  const preloads = [...common.preloads, ...before.preloads, ...before.nodeArgs];
  if (after !== before) preloads.push(...after.preloads, ...after.nodeArgs);
  preloads.push(...(trailing?.nodeArgs ?? []));
  const here: Common = {
    preloads,
    cwd: [...common.cwd, ...before.cwd, ...(after === before ? [] : after.cwd)],
  };
  const file = rest[after.next];
  const exec = after.exec ?? before.exec;
  if (exec !== undefined) {
    const hasFile = file !== undefined && sourceName.test(file);
    return read(splitCommands(hasFile ? `${exec} ${file}` : exec), here, depth + 1);
  }
  if (before.inline || after.inline) return [];
  if (program === "nodemon" && file === undefined)
    return [{ kind: "file", file: ".", nodemon: true, ...here }];
  if (file === undefined) return [];
  if (program === "clinic" || program === "0x") return readOne(rest.slice(after.next), here, depth + 1);
  // `pm2 start npm -- start`.
  if (/^(?:npm|yarn|pnpm)$/.test(file)) {
    return readOne([file, ...rest.slice(rest.indexOf("--", after.next) + 1)], here, depth + 1);
  }
  // `nodemon node x.js` and `tsx node x.js` run the second program's file.
  if (runners.has(file)) return readOne(rest.slice(after.next), here, depth + 1);
  if (program === "bun" && !sourceName.test(file) && !/[/.]/.test(file)) return [];
  return [{ kind: "file", file, ...(program === "nodemon" ? { nodemon: true } : {}), ...here }];
}
