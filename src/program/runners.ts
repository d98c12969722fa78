import { asksFor } from "../facts/majors.js";
import { runners } from "../knowledge/runners.js";
import type { RunnerFacts, RunnerHook } from "../knowledge/schema.js";
import type { Call, Expr, Fn, Module } from "../syntax/ir.js";
import { eventNames } from "./event-names.js";
import { filesOf } from "./loaded.js";
import { originsOf, type Origins } from "./origins.js";
import type { Project } from "./project.js";
import type { Run } from "./program.js";
import { functionsIn } from "./reach.js";
import { says } from "./says.js";

/** Something that a program makes, and that runs functions of the program. */
export interface Runner {
  facts: RunnerFacts;
  /** The call that makes it, and the function in which that stands. */
  call: Call;
  fn: Fn;
  /** Functions that it is handed to run, in the order of the files. */
  jobs: Job[];
  /** Where the program hears of failures. */
  hooks: Heard[];
}

/** A function handed to a runner. */
export interface Job {
  call: Call;
  fn: Fn;
  /** As it is handed over. */
  given: Expr;
  /** The functions that it can be; empty when the program does not show it. */
  fns: Fn[];
  /** Handed to this very runner; else to one of its kind, and it cannot be told which. */
  sure: boolean;
}

/** A hook of a runner that the program uses. */
export interface Heard {
  /** Undefined for an event whose name the program does not show. */
  hook: RunnerHook | undefined;
  call: Call;
  fn: Fn;
  /** What it runs; empty when the program does not show it. */
  fns: Fn[];
  sure: boolean;
}

/** What a call is to a runner: `rest` is what is left of its path behind what makes the runner. */
export interface RunnerPart {
  facts: RunnerFacts;
  rest: string;
}

/** The name that makes it, empty for a module that does so itself. */
function nameOf({ make }: RunnerFacts): string {
  return make.replace(/^default(\.|$)/, "");
}

const byModule = new Map<string, RunnerFacts[]>();
for (const facts of runners)
  for (const module of facts.modules) byModule.set(module, [...(byModule.get(module) ?? []), facts]);
// the longest way to make one is the closest
for (const rows of byModule.values()) rows.sort((a, b) => nameOf(b).length - nameOf(a).length);

/** As their calls begin. */
const globals = (byModule.get("") ?? []).map((r) => `${r.make.split(".", 1)[0] ?? ""}(`);

const LISTENS = /^(on|once|addListener|prependListener|prependOnceListener)$/;

/** Whether a module makes runners. */
export const isRunnerModule = (specifier: string): boolean => byModule.has(specifier);

/** The runners that the files of a program make, in the order of the files. Cached. */
export function runnersOf(run: Run, project: Project): readonly Runner[] {
  let known = cache.get(run);
  if (!known) cache.set(run, (known = find(run, project)));
  return known;
}

const cache = new WeakMap<Run, readonly Runner[]>();

function find(run: Run, project: Project): Runner[] {
  const { index } = project;
  const files = filesOf(run, project);
  const importing = files.filter((f) => index.scan(f).imports.some((i) => isRunnerModule(i.specifier)));
  const makers = new Set([...importing, ...files.filter((f) => globals.some((g) => says(f, g, project)))]);
  const made: Runner[] = [];
  for (const { call, fn } of callsIn([...makers].sort(), project))
    for (const { facts, rest } of partsOf(call, fn.module, project))
      if (rest === "")
        made.push({
          facts,
          call,
          fn,
          jobs: jobsOfMake(facts, call, fn, project),
          hooks: optionsOf(facts, call, fn, project),
        });
  if (made.length === 0) return made;
  const using = filesUsing(made, files, new Set(importing), project);
  for (const { call, fn } of callsIn(using, project)) use(call, fn, made, project);
  return made;
}

const callsIn = (files: readonly string[], project: Project): { call: Call; fn: Fn }[] =>
  files.flatMap((file) => project.module(file)?.calls ?? []);

/** Files that may hand functions to these runners, or listen to them. */
function filesUsing(
  made: readonly Runner[],
  files: readonly string[],
  importing: Set<string>,
  { index }: Project,
): string[] {
  const near = new Set([...importing, ...made.map((r) => r.fn.module.file)]);
  for (const { fn } of made) for (const f of index.importers(fn.module.file)) near.add(f);
  const names = new Set(made.flatMap(({ facts }) => wordsOf(facts)));
  return files.filter((f) => {
    if (near.has(f)) return true;
    const text = names.size > 0 ? index.read(f) : undefined;
    return text !== undefined && [...names].some((n) => text.includes(n));
  });
}

/** Words of the text of a file that hands something to a runner, where they are rare enough to be looked for. */
function wordsOf({ kind, handlers, hooks }: RunnerFacts): string[] {
  if (kind === "thread" || kind === "process" || kind === "emitter") return [];
  const events = hooks.flatMap((h) => (h.as === "event" ? [`"${h.name}"`, `'${h.name}'`] : []));
  const methods =
    kind === "web"
      ? hooks.map((h) => (h.as === "method" ? h.name : undefined))
      : handlers.map((h) => h.method);
  return [...events, ...methods.flatMap((m) => (m === undefined ? [] : [`.${m}(`]))];
}

/** What a call of a package, or of a global, is to the runners of the tables. */
export function partsOf(call: Call, module: Module, project: Project): RunnerPart[] {
  return project.values.callee(call.callee, module).flatMap((v) => {
    if (v.v === "package") return partsOfPath(v.specifier, v.path, module, project);
    return v.v === "global" ? partsOfPath("", v.path, module, project) : [];
  });
}

function partsOfPath(specifier: string, path: string, module: Module, project: Project): RunnerPart[] {
  const plain = path.replaceAll("()", "").replace(/^default(\.|$)/, "");
  const rows = (byModule.get(specifier) ?? []).filter((r) => isVersion(r, specifier, module, project));
  for (const facts of rows) {
    const make = nameOf(facts);
    if (make === "") return [{ facts, rest: plain }];
    if (plain === make) return [{ facts, rest: "" }];
    if (plain.startsWith(`${make}.`)) return [{ facts, rest: plain.slice(make.length + 1) }];
  }
  // the module itself tells: `cluster.on("exit", ...)`
  if (LISTENS.test(plain) && rows[0]?.make !== undefined) return [{ facts: rows[0], rest: plain }];
  // known by its type only: `queue: Queue`, `app: FastifyInstance`
  const [, rest] = /^[A-Z]\w*\.(.+)$/.exec(plain) ?? [];
  const [facts] = rows;
  return specifier !== "" && facts && rest !== undefined ? [{ facts, rest }] : [];
}

/** A row that is for some versions only holds where the program says that it asks for one of them. */
function isVersion(
  { versions }: RunnerFacts,
  specifier: string,
  { file }: Module,
  { index }: Project,
): boolean {
  if (versions === undefined) return true;
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  const manifests = [index.packageOf(file)?.json, index.packageOf("package.json")?.json];
  const declared = manifests.map(
    (j) => j?.dependencies?.[name] ?? j?.devDependencies?.[name] ?? j?.peerDependencies?.[name],
  );
  return (
    asksFor(
      declared.find((d) => d !== undefined),
      versions,
    ) === true
  );
}

/** The functions that are handed in where it is made. */
const jobsOfMake = (facts: RunnerFacts, call: Call, fn: Fn, project: Project): Job[] =>
  facts.handlers
    .filter((h) => h.method === undefined)
    .flatMap((h) => jobsIn(h, call, fn, project))
    .map((job) => ({ ...job, sure: true }));

/** The functions that a call hands in at the places of a row. */
export function jobsIn(
  { arguments: indexes, properties }: RunnerFacts["handlers"][number],
  call: Call,
  fn: Fn,
  project: Project,
): Omit<Job, "sure">[] {
  const given =
    indexes === "rest"
      ? call.args.filter((a) => a.k !== "lit" && a.k !== "obj")
      : indexes.flatMap((i) => call.args[i] ?? []);
  const parts = properties
    ? given.flatMap((a) =>
        a.k === "obj"
          ? a.props.flatMap((p) => (p.name !== undefined && properties.includes(p.name) ? [p.value] : []))
          : [],
      )
    : given;
  return parts.map((part) => ({ call, fn, given: part, fns: functionsIn(part, fn, project.values) }));
}

/** Hooks that are options of what makes it; a function that is given beside its jobs may be one. */
function optionsOf(facts: RunnerFacts, call: Call, fn: Fn, project: Project): Heard[] {
  const options = facts.hooks.filter((h) => h.as === "option");
  const jobs = facts.handlers.flatMap((h) => (h.method === undefined ? [h.arguments].flat() : []));
  return options.flatMap((hook) =>
    call.args.flatMap((a, i): Heard[] => {
      const about = { hook, call, fn, sure: true };
      // the times come first, however they are written
      if (a.k === "lit" || (facts.kind === "schedule" && i === 0 && a.k !== "obj")) return [];
      const values = project.values.of(a, fn.module);
      if (a.k === "fn" || values.some((v) => v.v === "fn"))
        return jobs.includes("rest") || jobs.includes(i) ? [] : [{ ...about, fns: [] }];
      const seen = a.k === "obj" ? [a] : values.flatMap((v) => (v.v === "object" ? [v.obj] : []));
      // options that are not shown may have it
      if (seen.length === 0) return jobs.includes(i) ? [] : [{ ...about, fns: [] }];
      return seen.flatMap((o) =>
        o.props
          .filter((p) => p.name === hook.name || p.name === undefined)
          .map((p) => ({
            ...about,
            fns: p.name === undefined ? [] : functionsIn(p.value, fn, project.values),
          })),
      );
    }),
  );
}

/** Adds to the runners what a call of one of their methods hands in. */
function use(call: Call, fn: Fn, made: readonly Runner[], project: Project): void {
  const { callee } = call;
  if (callee.k !== "mem") return;
  for (const { facts, rest } of partsOf(call, fn.module, project)) {
    const method = rest.split(".").at(-1) ?? "";
    if (method === "") continue;
    const jobs = facts.handlers
      .filter((h) => h.method === method)
      .flatMap((h) => jobsIn(h, call, fn, project));
    const hooks = heardBy(facts, method, call, fn, project);
    if (jobs.length === 0 && hooks.length === 0) continue;
    const kin = made.filter((r) => r.facts.name === facts.name);
    const { calls, open }: Origins = originsOf(callee.o, fn.module, project);
    const own = open ? [] : kin.filter((r) => calls.has(r.call));
    const sure = own.length === 1;
    for (const runner of own.length > 0 ? own : kin) {
      runner.jobs.push(...jobs.map((job) => ({ ...job, sure })));
      runner.hooks.push(...hooks.map((hook) => ({ ...hook, sure })));
    }
  }
}

function heardBy(
  facts: RunnerFacts,
  method: string,
  call: Call,
  fn: Fn,
  project: Project,
): Omit<Heard, "sure">[] {
  const last = call.args.at(-1);
  const fns = last ? functionsIn(last, fn, project.values) : [];
  const about = { call, fn, fns };
  const named = facts.hooks.filter(
    (h) =>
      (h.as === "method" && h.name === method) ||
      (h.as === "middleware" && method === "use" && fns.some((f) => f.params.length === h.arity)),
  );
  const found = named.map((hook) => ({ ...about, hook }));
  if (!LISTENS.test(method)) return found;
  const events = facts.hooks.filter((h) => h.as === "event");
  const names = eventNames(call, fn.module, project.values);
  if (names.length === 0 && events.length > 0) return [...found, { ...about, hook: undefined }];
  return [...found, ...events.filter((h) => names.includes(h.name)).map((hook) => ({ ...about, hook }))];
}
