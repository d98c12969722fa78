import { lstatSync } from "node:fs";
import type { Edit } from "../../src/finding.js";
import type { NodeCommand } from "../../src/loading/commands/flags.js";
import { makesBundles, nodeOf, programOf } from "../../src/loading/commands/resolve.js";
import { writtenIn, type Written } from "../../src/loading/commands/written.js";
import { evaluate, isNativeModule } from "../../src/loading/evaluation.js";
import { goesPastHook } from "../../src/loading/past-hook.js";
import type { Patching } from "../../src/loading/patched.js";
import { baseOf, dirOf } from "../../src/program/index/paths.js";
import type { Project } from "../../src/program/project.js";
import type { Run } from "../../src/program/program.js";
import type { Source } from "../edit/source.js";

/** What a native ES module needs besides an import that comes first. */
export interface Preloading {
  /** Flags in the commands that start the program. */
  edits: Edit[];
  /** The import, and the call, by which the new file registers the hook of the loader; none where the SDK does it. */
  register: [load: string, call: string] | undefined;
}

const none: Preloading = { edits: [], register: undefined };
const RUNNERS = new Set(["node", "nodejs", "tsx", "nodemon"]);
/** The package of the hook. */
const HOOK = "@opentelemetry/instrumentation";

/**
 * Preloads a new file where the program consists of ES modules that Node itself loads: what they import is resolved before the first
 * line of any of them runs, and what only a hook of the loader patches would be missed by an import that comes first.
 */
export function preloading(
  source: Source,
  runs: readonly Run[],
  patchings: readonly Patching[],
  target: string,
  project: Project,
): Preloading {
  const entries = new Set(runs.flatMap((run) => run.entries.map((e) => e.file)));
  if (
    !entries.has(source.file) ||
    !isNativeModule(source.file, project) ||
    makesBundles(source.file, project)
  )
    return none;
  const byName = patchings[0]?.name;
  const isNeeded = runs.some((run) =>
    evaluate(run.entry, new Map(), project).some((e) => patchings.some((p) => goesPastHook(e, p, project))),
  );
  if (!isNeeded) return none;
  if (byName === "OpenTelemetry" && !hasHook(source.file, project)) return none;
  const edits = writtenIn(project).flatMap((written) =>
    written.commands.flatMap((command) =>
      programOf(command, written, project) === source.file
        ? (flagFor(command, written, source.file, target, project) ?? [])
        : [],
    ),
  );
  if (edits.length === 0) return none;
  const { quote, semicolon } = source.style;
  const q = (text: string): string => `${quote}${text}${quote}`;
  const load = `import { register } from ${q("node:module")}${semicolon}`;
  const call = `register(${q(`${HOOK}/hook.mjs`)}, import.meta.url)${semicolon}`;
  return { edits, register: byName === "OpenTelemetry" ? [load, call] : undefined };
}

/** The package asks for it, or an installation that puts the packages of packages beside those of the program. */
function hasHook(file: string, project: Project): boolean {
  const { dir = "", json } = project.index.packageOf(file) ?? {};
  if (json?.dependencies?.[HOOK] !== undefined) return true;
  const folder = `${project.index.root}/${dir}`;
  return ["package-lock.json", "npm-shrinkwrap.json"].some(
    (name) => lstatSync(`${folder}/${name}`, { throwIfNoEntry: false }) !== undefined,
  );
}

/** `--import` in front of the file of the program, as a word of a line or of a list in brackets. */
function flagFor(
  command: NodeCommand,
  written: Written,
  file: string,
  target: string,
  project: Project,
): Edit | undefined {
  const { script } = command;
  const node = nodeOf(written);
  if (script === undefined || !RUNNERS.has(command.runner) || (node && node.major < 20)) return undefined;
  const plain = (path: string): string => baseOf(path).replace(/\.\w+$/, "");
  if (plain(script) !== plain(file) || dirOf(target) !== dirOf(file)) return undefined;
  const folder = dirOf(script.replace(/^\.\//, ""));
  const extension = /\.[mc]?[jt]s$/.exec(script)?.[0] ?? /\.[mc]?[jt]s$/.exec(target)?.[0] ?? ".js";
  const name = `${plain(target)}${extension}`;
  const path =
    folder === "" ? `./${name}` : folder.startsWith("/") ? `${folder}/${name}` : `./${folder}/${name}`;
  const text = project.index.read(written.fn.module.file)?.slice(...written.at) ?? "";
  const found = [
    ...text.matchAll(new RegExp(`(["']?)${script.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}(?![\\w./-])`, "g")),
  ];
  const [only] = found;
  if (!only || found.length > 1 || /--import[= "',]+\S*instrument/.test(text)) return undefined;
  const [, quote = ""] = only;
  const isList = quote !== "" && /[[,]\s*$/.test(text.slice(0, only.index));
  if (!isList && !/\s$/.test(text.slice(0, only.index + quote.length))) return undefined;
  const at = written.at[0] + only.index + (isList ? 0 : quote.length);
  const words = isList ? `${quote}--import${quote}, ${quote}${path}${quote}, ` : `--import ${path} `;
  return { file: written.fn.module.file, start: at, end: at, text: words };
}
