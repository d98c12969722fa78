import { asksFor } from "../facts/majors.js";
import { autoInstrumented, instrumentedBy, instrumentedByPackage } from "../knowledge/instrumented.js";
import type { Hit } from "../flow/world.js";
import { isSwitchedOff } from "../ending/missing.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { says } from "../program/says.js";
import type { Call, Expr, Fn, Module } from "../syntax/ir.js";

/** A call that makes something, and the function in which it stands. */
export interface Made {
  call: Call;
  fn: Fn;
}

/** What is patched, and where the patching begins. */
export interface Patching {
  /** As a finding calls who patches. */
  name: string;
  /** Modules; `@aws-sdk/*` covers everything below. */
  modules: ReadonlySet<string>;
  start: Hit;
  /** Instrumentations that begin to patch when they are made; empty where the start does it. */
  made: readonly Made[];
  /** The package that begins to patch when it is loaded, whenever it is started. */
  onLoad: string | undefined;
}

const instrumentation = /\bgetNodeAutoInstrumentations\s*\(|\bnew\s+(?:\w+\.)?\w+Instrumentation\s*\(/;

/** What the SDKs that a program starts patch when it is loaded. */
export function patchingsOf(run: Run, project: Project): Patching[] {
  return [...run.started].flatMap(([vendor, start]): Patching[] => {
    if (isSwitchedOff(start)) return [];
    const found =
      vendor.name === "OpenTelemetry" ? byInstrumentations(run, project) : byPackage(start, run, project);
    return found.modules.length > 0
      ? [{ name: vendor.name, ...found, modules: new Set(found.modules), start }]
      : [];
  });
}

/**
 * The instrumentations that a program makes. They begin to patch when they are made (`InstrumentationBase` enables itself in its
 * constructor), whenever the SDK is started.
 */
function byInstrumentations(
  run: Run,
  project: Project,
): Pick<Patching, "made" | "onLoad"> & { modules: string[] } {
  const made: Made[] = [];
  const modules: string[] = [];
  for (const file of run.files) {
    if (project.index.isTest(file) || !says(file, instrumentation, project)) continue;
    const module = project.module(file);
    for (const { call, fn } of module?.calls ?? []) {
      const found = instrumentedIn(call);
      if (!found || (module && patchesByHand(call, module))) continue;
      made.push({ call, fn });
      modules.push(...found);
    }
  }
  return { made, modules, onLoad: undefined };
}

function instrumentedIn({ callee, isNew }: Call): readonly string[] | undefined {
  const name = callee.k === "id" ? callee.name : callee.k === "mem" ? callee.p : undefined;
  if (name === "getNodeAutoInstrumentations" && !isNew) return autoInstrumented;
  return isNew && name !== undefined ? instrumentedBy[name] : undefined;
}

/** `instrumentation.manuallyInstrument(OpenAI)` of OpenInference and Traceloop: it patches what was loaded before. */
const patchesByHand = (made: Call, module: Module): boolean =>
  module.calls.some(({ call: { callee } }) => {
    if (callee.k !== "mem" || callee.p !== "manuallyInstrument") return false;
    return callee.o.k !== "id" || callee.o.bind?.values.includes(made) !== false;
  });

/** What the packages of a vendor patch that the file of the start imports, as far as its options ask for it. */
function byPackage(
  start: Hit,
  run: Run,
  project: Project,
): Pick<Patching, "made" | "onLoad"> & { modules: readonly string[] } {
  const { file } = start.fn.module;
  const imported = new Set(
    [...run.files].flatMap((f) => project.index.scan(f).imports.map((i) => i.specifier.split("/init")[0])),
  );
  const text = project.index.read(file)?.slice(...(start.call?.at ?? [0, 0])) ?? "";
  for (const { packages, since, before, onlyWith, leftBy, offBy, modules, onLoad } of instrumentedByPackage) {
    const name = packages.find((p) => imported.has(p));
    if (name === undefined || !packages.some((p) => project.lookup.package(p)?.vendor === start.vendor))
      continue;
    const json = project.index.packageOf(file)?.json;
    const root = project.index.packageOf("package.json")?.json;
    const declared = json?.dependencies?.[name] ?? root?.dependencies?.[name];
    if (since !== undefined && asksFor(declared, since) !== true) continue;
    if (before !== undefined && asksFor(declared, before) !== true) continue;
    if (
      onlyWith !== undefined &&
      !onlyWith.some((o) => text.includes(o) && !isGiven(start, o, undefined, project))
    )
      continue;
    // spans are the business of an SDK beside it, which may have patched everything before
    if (leftBy !== undefined && isGiven(start, leftBy, true, project)) continue;
    const off = offBy !== undefined && isGiven(start, offBy, false, project);
    const patched = off ? modules.filter((m) => askedForIn(start).has(m)) : modules;
    return { made: [], modules: patched, onLoad: onLoad ? name : undefined };
  }
  return { made: [], modules: [], onLoad: undefined };
}

/** `init({ plugins: false })`: whether the start is given an option with this very value. */
function isGiven(
  { call, fn: { module } }: Hit,
  option: string,
  is: boolean | undefined,
  project: Project,
): boolean {
  const given = call?.args.flatMap((a) => project.values.of(a, module)) ?? [];
  return given.some(
    (v) => v.v === "object" && v.obj.props.some(({ name, value }) => name === option && isValue(value, is)),
  );
}

const isValue = (e: Expr, is: boolean | undefined): boolean =>
  is === undefined
    ? (e.k === "id" && e.name === "undefined" && e.bind === undefined) || (e.k === "lit" && e.v === undefined)
    : e.k === "lit" && e.v === is;

/** `tracer.use("express")`: what is switched on by itself. */
const askedForIn = ({ call, fn: { module } }: Hit): ReadonlySet<string> =>
  new Set(
    module.calls.flatMap(({ call: { callee, args } }) => {
      const [first] = args;
      const isHere =
        callee.k === "mem" &&
        callee.p === "use" &&
        callee.o.k === "id" &&
        call?.callee.k === "mem" &&
        call.callee.o.k === "id" &&
        callee.o.bind === call.callee.o.bind;
      return isHere && first?.k === "lit" && typeof first.v === "string" ? [first.v] : [];
    }),
  );

/** Whether a specifier is one of some modules, or below one. */
export function isPatched(specifier: string, modules: ReadonlySet<string>): boolean {
  if (modules.has(specifier)) return true;
  const scope = specifier.startsWith("@") ? specifier.split("/")[0] : undefined;
  return scope !== undefined && modules.has(`${scope}/*`);
}
