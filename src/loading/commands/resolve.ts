import { lstatSync } from "node:fs";
import { baseOf, dirOf, joinPath } from "../../program/index/paths.js";
import type { PackageJson } from "../../program/index/types.js";
import type { Project } from "../../program/project.js";
import type { Run } from "../../program/program.js";
import type { Flag, NodeCommand } from "./flags.js";
import type { Written } from "./written.js";
import { sourceName } from "../../syntax/source-names.js";

/** Whether the value of a flag is the path of a file. */
export const isPath = (value: string): boolean =>
  /^(?:\.{1,2}\/|\/|file:)/.test(value) ||
  (sourceName.test(value) && !value.startsWith("@") && !/^[\w-]+\/[\w-]+\.m?js$/.test(value));

/** The source that a path of a command line means, itself or what it is built from. */
export function sourceOf(
  path: string,
  { cwd }: NodeCommand,
  bases: readonly string[],
  project: Project,
): string | undefined {
  return project.index.commandLines.entriesOf(
    [{ kind: "file", file: path, preloads: [], cwd: [...cwd] }],
    bases,
  )[0]?.file;
}

/** The program that a command starts. */
export const programOf = (command: NodeCommand, { bases }: Written, project: Project): string | undefined =>
  command.script === undefined ? undefined : sourceOf(command.script, command, bases, project);

/** The runs of a program. */
export const runsOf = (file: string, project: Project): Run[] =>
  project.runs().filter((run) => run.entries.some((entry) => entry.file === file));

const bundles =
  /\b(?:webpack|esbuild|tsup|rollup|vite|swc|ncc|babel|unbuild|pkgroll|parcel|tsdown|rspack|bunchee|microbundle|bun build)\b/;
const compiles = /\btsc\b|\bnest build\b/;

/**
 * Whether a path names a file that is surely not there: its folder is one of sources, or one that tsc fills from sources that are
 * all shown, and nothing else puts it there.
 */
export function isMissing(flag: Flag, command: NodeCommand, written: Written, project: Project): boolean {
  const { value } = flag;
  const { bases } = written;
  const { script } = command;
  if (/[$*{]/.test(value) || script === undefined || sourceOf(value, command, bases, project) !== undefined)
    return false;
  const plain = value.replace(/^file:\/\//, "").replace(/^\.\//, "");
  const program = programOf(command, written, project);
  if (program === undefined || plain.startsWith("/") || /(^|\/)\.|node_modules\//.test(plain)) return false;
  const base = bases
    .map((b) =>
      command.cwd.reduce<string | undefined>((at, c) => (at === undefined ? undefined : joinPath(at, c)), b),
    )
    .find((b) => b !== undefined && isThere(b, script, program, project));
  if (base === undefined || isMentioned(baseOf(plain), project)) return false;
  const path = joinPath(base, plain);
  if (path === undefined || onDisk(path, project)) return false;
  if (joinPath(base, script.replace(/^\.\//, "")) === program || dirOf(path) === dirOf(program))
    return project.index.sources.some((file) => dirOf(file) === dirOf(path));
  return plain.split("/")[0] === script.replace(/^\.\//, "").split("/")[0] && isCompiled(program, project);
}

/** The folder from which a command is run: that of the program as it is written, or of the package that it is built in. */
function isThere(base: string, script: string, program: string, project: Project): boolean {
  const written = joinPath(base, script.replace(/^\.\//, ""));
  return written === program || project.index.packageOf(program)?.dir === base;
}

/** tsc alone makes the files of a package. */
const isCompiled = (file: string, project: Project): boolean =>
  scriptsOf(file, project).some((s) => compiles.test(s)) && !makesBundles(file, project);

/** A tool that writes modules of its own making has a part in the package of a file. */
export const makesBundles = (file: string, project: Project): boolean =>
  scriptsOf(file, project).some((s) => bundles.test(s));

const scriptsOf = (file: string, project: Project): string[] =>
  Object.values(project.index.packageOf(file)?.json?.scripts ?? {}).filter((s) => typeof s === "string");

/** Some other manifest, or another instruction, names the file: it may be copied or made there. */
function isMentioned(name: string, project: Project): boolean {
  return project.index.manifestFiles.some((file) => {
    const text = project.index.read(file);
    if (text === undefined || !text.includes(name)) return false;
    const uses = text.split(name).length - 1;
    const flags = [...text.matchAll(/(?:-r|--require|--import|--loader)["',\s=]+[^"'\s,]*/g)];
    return uses > flags.filter(([flag]) => flag.endsWith(name)).length;
  });
}

function onDisk(path: string, project: Project): boolean {
  try {
    lstatSync(`${project.index.root}/${path}`);
    return true;
  } catch {
    return false;
  }
}

/** Whether no package of the project asks for a package, and no manifest installs it. */
export function isUndeclared(name: string, { fn }: Written, project: Project): boolean {
  const { manifestFiles } = project.index;
  if (/\.ya?ml$/.test(fn.module.file)) return false;
  const asked = manifestFiles
    .filter((file) => baseOf(file) === "package.json")
    .flatMap((file) => dependenciesOf(project.index.packageOf(file)?.json));
  if (asked.length === 0 || asked.includes(name)) return false;
  return !manifestFiles.some((file) => {
    const text = project.index.read(file);
    return text?.includes(name) === true && /\b(?:install|add|i)\b/.test(text) && installs(name).test(text);
  });
}

const dependenciesOf = (json: PackageJson | undefined): string[] =>
  Object.keys({
    ...json?.dependencies,
    ...json?.devDependencies,
    ...json?.peerDependencies,
    ...json?.optionalDependencies,
  });

const installs = (name: string): RegExp =>
  new RegExp(`\\b(?:install|add|i)\\b[^\\n]*${name.replace(/[/@-]/g, "\\$&")}`);

/** The major version of Node that surely runs a command, and its minor one where it is written. */
export function nodeOf({ image }: Written): { major: number; minor: number | undefined } | undefined {
  const [, major, minor] = /(?:^|\/)node:(\d+)(?:\.(\d+))?/.exec(image) ?? [];
  return major === undefined
    ? undefined
    : { major: Number(major), minor: minor === undefined ? undefined : Number(minor) };
}

/** Versions of Node that cannot require an ES module: before 20.19, 21, and 22 before 22.12. */
export function cannotRequireModules(written: Written): boolean {
  const node = nodeOf(written);
  if (!node) return false;
  const { major, minor } = node;
  if (major < 20 || major === 21) return true;
  return minor !== undefined && ((major === 20 && minor < 19) || (major === 22 && minor < 12));
}

/** Versions of Node that end at `--import`: before 18.18. */
export function cannotImport(written: Written): boolean {
  const node = nodeOf(written);
  if (!node) return false;
  return node.major < 18 || (node.major === 18 && node.minor !== undefined && node.minor < 18);
}
