import type { Hit } from "../flow/world.js";
import { evaluate } from "../loading/evaluation.js";
import { topOf } from "../loading/late.js";
import type { ChainBreak } from "../program/details.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { says } from "../program/says.js";
import type { Expr, Fn, Span } from "../syntax/ir.js";
import { exportersOf } from "./exporters.js";

/** What reads variables for good when it is made. */
interface Reader {
  name: string;
  fn: Fn;
  at: Span;
  offset: number;
  variables: readonly string[];
}

/** A statement `process.env.NAME = value` at the top level of a file. */
interface Setting {
  variable: string;
  fn: Fn;
  at: Span;
}

const sets = /process\.env(?:\.\w+|\[["']\w+["']\])\s*=(?!=)/;
const read = /\bprocess\.env(?:\.(\w+)|\[["'](\w+)["']\])/g;

/** Variables that are set after the exporter or SDK was made that reads them. */
export function lateEndpoints(project: Project): ChainBreak[] {
  const found = new Map<string, ChainBreak>();
  for (const run of project.runs()) {
    const settings = lifespanOf(run, project) === "library" ? [] : settingsIn(run, project);
    if (settings.length === 0) continue;
    for (const reader of readersIn(run, project))
      for (const setting of settings)
        if (reader.variables.includes(setting.variable) && isAfter(setting, reader, settings, run, project))
          found.set(`${setting.fn.module.file}:${String(setting.at[0])}`, {
            kind: "chain-break",
            check: "late-endpoint",
            fn: setting.fn,
            at: setting.at,
            names: [reader.name, setting.variable],
            others: [{ fn: reader.fn, at: reader.at, message: "it is read here, before it is set" }],
          });
  }
  return [...found.values()];
}

function settingsIn(run: Run, project: Project): Setting[] {
  return [...run.files].sort().flatMap((file) => {
    if (project.index.isTest(file) || !says(file, sets, project)) return [];
    const top = project.module(file)?.top;
    return (top?.body ?? []).flatMap((s): Setting[] => {
      const variable = s.s === "expr" && s.e.k === "set" && s.e.op === "=" ? variableOf(s.e.to) : undefined;
      const own = project.index.read(file)?.slice(...s.at) ?? "";
      // `process.env.NAME = process.env.NAME || ...` only gives a default
      return top && variable !== undefined && own.split(variable).length === 2
        ? [{ variable, fn: top, at: s.at }]
        : [];
    });
  });
}

/** `process.env.NAME`. */
function variableOf(e: Expr): string | undefined {
  if (e.k !== "mem" || e.o.k !== "mem" || e.o.p !== "env" || e.o.o.k !== "id") return undefined;
  return e.o.o.name === "process" && !e.o.o.bind ? e.p : undefined;
}

/** The exporters that a file makes at its top level, and the starts that are reached from one. */
function readersIn(run: Run, project: Project): Reader[] {
  const exporters = exportersOf(run, project)
    .filter(({ fn }) => fn.kind === "module")
    .map((e): Reader => {
      const variables = [...(e.endpoint?.variables ?? []), ...readIn(e.fn, e.call.at, project)];
      return { name: e.package, fn: e.fn, at: e.call.at, offset: e.call.at[0], variables };
    });
  const starts = [...run.started].flatMap(([vendor, start]): Reader[] => {
    const call = start.call;
    const top = readsItself(start) ? topOf(start) : undefined;
    if (!call || !top || top.later || start.fn.kind !== "module") return [];
    const variables = readIn(start.fn, call.at, project);
    return [{ name: vendor.name, fn: start.fn, at: call.at, offset: call.at[0], variables }];
  });
  return [...exporters, ...starts];
}

/** `Sentry.init({ dsn: process.env.DSN })`: the options stand in the call. */
const readsItself = ({ call }: Hit): boolean => (call?.args.length ?? 0) > 0;

const readIn = (fn: Fn, at: Span, project: Project): string[] =>
  [...(project.index.read(fn.module.file)?.slice(...at) ?? "").matchAll(read)].map((m) => m[1] ?? m[2] ?? "");

/** The first that sets the variable is evaluated after the reader. */
function isAfter(
  { variable, fn, at }: Setting,
  reader: Reader,
  settings: readonly Setting[],
  run: Run,
  project: Project,
): boolean {
  const same = settings.filter((s) => s.variable === variable);
  const moments = new Map<string, number[]>([[reader.fn.module.file, [reader.offset]]]);
  for (const s of same) moments.set(s.fn.module.file, [...(moments.get(s.fn.module.file) ?? []), s.at[0]]);
  const events = evaluate(run.entry, moments, project).flatMap((e) => (e.kind === "moment" ? [e] : []));
  const made = events.findIndex((e) => e.file === reader.fn.module.file && e.offset === reader.offset);
  const [first] = events.filter((e) => e !== events[made]);
  const own = events.findIndex((e) => e.file === fn.module.file && e.offset === at[0]);
  return made >= 0 && made < own && first !== undefined && events.indexOf(first) > made;
}
