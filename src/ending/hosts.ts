import type { Call, Fn } from "../syntax/ir.js";
import type { Competing } from "./competing.js";
import { exitsIn, type Ending } from "../program/endings.js";
import { isPublished, lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";

const ASKS = /^(listenerCount|listeners|rawListeners|eventNames)$/;
const RUN_ITSELF = /require\.main\b|import\.meta\.main\b|import\.meta\.url\s*===|process\.argv\[1\]/;
const PROGRAM =
  /(^|\/)(examples?|demos?|samples?|bin|cli|daemons?|workers?)\/|(^|[/.-])(daemon|cli|bin|worker)\.[cm]?[jt]sx?$/;
const TAKES = /^(register|add|on|before|after)(_?(shut|exit|clos|clean|hook|handler|stop))|^register$/i;
const OFFERS = /shut|exit|signal|graceful|hook|terminat|handler/i;

/** A package that ends the process of the program that installed it; one report for the listeners that share their exits. */
export function exitingHosts(run: Run, project: Project, endings: readonly Ending[]): Competing[] {
  const known = new Set<Call | undefined>();
  return endings.flatMap((ending): Competing[] => {
    const { call, fn, kind } = ending;
    const exits = exitsIn(ending).map((h) => h.call);
    if (kind !== "signal" || !call || exits.length === 0) return [];
    const { module } = fn;
    if (!isLoadedByHost(run, module.file, project)) return [];
    // the file of a program: a daemon, a command, an example
    if (PROGRAM.test(module.file)) return [];
    // `if (require.main === module)`: a package that can be run as a program of its own
    if (RUN_ITSELF.test(project.index.read(module.file) ?? "")) return [];
    const asks = module.calls.some(({ call: { callee } }) => callee.k === "mem" && ASKS.test(callee.p ?? ""));
    if (asks || isOffered(fn) || runsWhatItIsGiven(ending, project)) return [];
    if (exits.every((e) => known.has(e))) return [];
    for (const exit of exits) known.add(exit);
    const shares = (o: Ending): boolean =>
      o !== ending && o.kind === "signal" && exitsIn(o).some((h) => exits.includes(h.call));
    return [
      {
        kind: "competing-shutdown",
        shape: "host",
        ending,
        other: endings.find(shares),
        at: call.at,
        call,
        fn,
      },
    ];
  });
}

/** Who calls a function of that name asks for these listeners; who makes such an object hands its own endings to it. */
function isOffered(fn: Fn): boolean {
  let outer = fn;
  while (outer.parent && outer.parent.kind !== "module") outer = outer.parent;
  if (outer.kind === "module") return false;
  if (!outer.cls) return OFFERS.test(outer.name ?? "");
  return OFFERS.test(outer.cls.name ?? "") || [...outer.cls.members.keys()].some((name) => TAKES.test(name));
}

/** It runs functions out of a list or parameter: the host has handed its own endings in. */
const runsWhatItIsGiven = ({ fn, reached }: Ending, project: Project): boolean =>
  reached.some(({ call: { callee }, fn: home }) => {
    const given = callee.k === "id" && (callee.bind?.kind === "param" || callee.bind?.kind === "var");
    return given && home.module === fn.module && project.values.callee(callee, home.module).length === 0;
  });

/** The file belongs to a published package: to that of the program, which is a library, or to one that the program loads. */
function isLoadedByHost(run: Run, file: string, project: Project): boolean {
  const own = project.index.packageOf(file);
  if (own?.dir === project.index.packageOf(run.entry.file)?.dir)
    return lifespanOf(run, project) === "library" && isPublished(run, project);
  // a neighbour in the workspace loads what others install as well: what is only shared in the house says less of itself
  const made = own?.json && (own.json.files !== undefined || own.json.publishConfig !== undefined);
  return made === true && isPublished({ ...run, entry: { ...run.entry, file } }, project);
}
