import { idlePreloads, askedFor, loaderHooks, unfoundImports } from "../knowledge/preloads.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import { renderedTextOf } from "../program/rendered.js";
import type { Span } from "../syntax/ir.js";
import { isNativeModule } from "./evaluation.js";
import type { Flag, NodeCommand } from "./commands/flags.js";
import {
  cannotImport,
  cannotRequireModules,
  isMissing,
  isPath,
  isUndeclared,
  programOf,
  runsOf,
  sourceOf,
} from "./commands/resolve.js";
import { imageFor } from "./commands/deployed.js";
import { writtenIn, type Written } from "./commands/written.js";

/**
 * What is wrong with a flag. `missing`: no such file. `undeclared`: no such package. `idle`: the module starts nothing. `hook`: a
 * hook that is imported and not registered. `unfound`: `--import` does not find it under this name. `module`: an ES module that this
 * Node cannot require. `behind`: an argument of the program. `unknown`: a flag that this Node does not know.
 */
export type Fault = "missing" | "undeclared" | "idle" | "hook" | "unfound" | "module" | "behind" | "unknown";

const notAProgram = /(^|[:_-])(test|tests|lint|e2e|bench|coverage|unit|spec)([:_-]|$)/;

/** Flags of Node that preload nothing, or stop the program. */
export function wrongPreloads(project: Project): ChainBreak[] {
  const found: ChainBreak[] = [];
  for (const one of writtenIn(project)) {
    if (one.script !== undefined && notAProgram.test(one.script)) continue;
    const flagged = one.commands.some(({ flags }) => flags.length > 0);
    const written = flagged ? { ...one, image: imageFor(one, project) } : one;
    for (const command of written.commands)
      for (const flag of command.flags) {
        const fault = faultOf(flag, command, written, project);
        if (!fault) continue;
        const [kind, instead] = fault;
        found.push({
          kind: "chain-break",
          check: "preload",
          fn: written.fn,
          at: spanOf(flag, written, project),
          names: [kind, flag.name, flag.value, instead],
        });
      }
  }
  return found;
}

function faultOf(
  flag: Flag,
  command: NodeCommand,
  written: Written,
  project: Project,
): [Fault, string] | undefined {
  const { value, kind, behind } = flag;
  if (behind)
    return isTelemetry(flag, command, written, project) && !startsItself(flag, command, written, project)
      ? ["behind", ""]
      : undefined;
  if (kind === "import" && isNode(command) && cannotImport(written)) return ["unknown", ""];
  if (isPath(value)) {
    if (isMissing(flag, command, written, project) && asksForTelemetry(command, written, project))
      return ["missing", ""];
    const file = kind === "require" ? sourceOf(value, command, written.bases, project) : undefined;
    if (file === undefined || !isNode(command) || !cannotRequireModules(written)) return undefined;
    return isNativeModule(file, project) && project.index.scan(file).telemetry ? ["module", ""] : undefined;
  }
  const name = value
    .split("/")
    .slice(0, value.startsWith("@") ? 2 : 1)
    .join("/");
  if (askedFor.has(name) && isUndeclared(name, written, project)) return ["undeclared", name];
  if (kind === "import" && loaderHooks.has(value)) return ["hook", ""];
  const unfound = kind === "import" ? unfoundImports[value] : undefined;
  if (unfound !== undefined) return ["unfound", unfound];
  const started = idlePreloads[value];
  if (started === undefined || kind === "loader" || startsItself(flag, command, written, project))
    return undefined;
  return ["idle", kind === "import" ? (unfoundImports[started] ?? started) : started];
}

const isNode = ({ runner }: NodeCommand): boolean => runner === "node" || runner === "nodejs";

/** The value names something that starts telemetry, or reads the variables that it needs. */
function isTelemetry({ value }: Flag, command: NodeCommand, { bases }: Written, project: Project): boolean {
  if (!isPath(value))
    return project.lookup.package(value)?.pkg.startsOnImport === true || value === "dotenv/config";
  const file = sourceOf(value, command, bases, project);
  return file !== undefined && project.index.scan(file).telemetry;
}

/** The program, or where it is not known some program, does by its own code what the flag is there for. */
function startsItself({ value }: Flag, command: NodeCommand, written: Written, project: Project): boolean {
  const program = programOf(command, written, project);
  const runs = program === undefined ? project.runs() : runsOf(program, project);
  if (isPath(value)) {
    const file = sourceOf(value, command, written.bases, project);
    return file === undefined || runs.some((run) => run.files.has(file));
  }
  if (value === "dotenv/config")
    return runs.length === 0 || runs.some(({ files }) => readsVariables(files, project));
  const vendor = project.lookup.package(idlePreloads[value] ?? value)?.vendor;
  return vendor === undefined || runs.some((run) => run.started.has(vendor));
}

const readsVariables = (files: Iterable<string>, project: Project): boolean =>
  [...files].some((file) => project.index.scan(file).imports.some((i) => i.specifier.includes("env")));

/** The package of a program asks for telemetry. */
function asksForTelemetry(command: NodeCommand, written: Written, project: Project): boolean {
  const program = programOf(command, written, project);
  const json = program === undefined ? undefined : project.index.packageOf(program)?.json;
  return Object.keys(json?.dependencies ?? {}).some((name) => project.lookup.package(name) !== undefined);
}

/** The flag in the text of its command. */
function spanOf({ name, value }: Flag, { fn, at }: Written, project: Project): Span {
  const whole = renderedTextOf(fn.module) ?? project.index.read(fn.module.file);
  const text = whole?.slice(...at) ?? "";
  const end = text.lastIndexOf(value);
  const start = end < 0 ? -1 : text.lastIndexOf(name, end);
  return start < 0 ? at : [at[0] + start, at[0] + end + value.length];
}
