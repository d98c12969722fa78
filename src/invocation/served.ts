import type { Hit } from "../flow/world.js";
import { appAdapters, servableApps, workerHandlers, type PlatformName } from "../knowledge/invocations.js";
import { filesOf } from "../program/loaded.js";
import { originsOf } from "../program/origins.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { runnersOf, type Runner } from "../program/runners.js";
import type { Call, Expr, Fn, Module } from "../syntax/ir.js";
import { isOnlyWorker } from "./deployed.js";
import { exportedHandlers } from "./exported.js";
import { handedIn, type Invocation } from "./handlers.js";
import { runOf } from "./run.js";
import { wrappedIn } from "./wrappers.js";

/** The app of a web framework that a platform runs for each event. */
interface Served {
  platform: PlatformName;
  runner: Runner;
  waits: readonly string[];
  /** The file in which it is handed to the platform. */
  file: string;
}

/**
 * The routes of apps that are handed to a platform: `export const handler = handle(app)`, `onRequest(app)`, the default export of a
 * Worker. Nothing is said of an app in which something around its routes flushes. Cached.
 */
export function servedRoutes(run: Run, project: Project): readonly Invocation[] {
  let known = cache.get(run);
  if (!known) cache.set(run, (known = servedIn(run, project)));
  return known;
}

const cache = new WeakMap<Run, readonly Invocation[]>();

/** The app of a program that is handed to a platform; undefined where there is none. Cached. */
export function servedApp(run: Run, project: Project): Served | undefined {
  let known = apps.get(run);
  if (!known) apps.set(run, (known = find(run, project)));
  return known[0];
}

const apps = new WeakMap<Run, readonly Served[]>();

function find(run: Run, project: Project): Served[] {
  const { index } = project;
  const files = filesOf(run, project);
  const isOf = (file: string, names: ReadonlySet<string>): boolean =>
    index.scan(file).imports.some((i) => i.kind !== "type" && names.has(i.specifier));
  if (!files.some((file) => isOf(file, frameworks))) return [];
  const runners = runnersOf(run, project).filter((r) => servableApps.includes(r.facts.name));
  const near = new Set(runners.map((r) => r.fn.module.file));
  const isNear = (file: string): boolean =>
    near.has(file) || isOf(file, adapters) || index.imports(file).some((i) => near.has(i.file));
  return files.filter(isNear).flatMap((file) => servedBy(file, runners, project));
}

function servedIn(run: Run, project: Project): Invocation[] {
  const served = servedApp(run, project);
  if (!served) return [];
  const { platform, waits, runner } = served;
  const app = runner.facts.name;
  const reach = reachOf(served.file, project);
  const kin = runnersOf(run, project).filter((r) => r.facts.name === app && reach.has(r.fn.module.file));
  const found = new Map<Fn, Invocation>();
  const around = new Set<Fn>();
  for (const { jobs, hooks } of kin) {
    for (const { call, fns } of jobs)
      for (const fn of fns) {
        if (isMiddleware(call, fn)) around.add(fn);
        if (reach.has(fn.module.file)) found.set(fn, { fn, platform, waits, app });
      }
    for (const { fns } of hooks) for (const fn of fns) found.set(fn, { fn, platform, waits, app });
  }
  const routes = [...found.values()].filter(({ fn }) => !around.has(fn));
  return flushesAround(routes, [...found.values()], reach, project) ? [] : routes;
}

const frameworks = new Set([
  "express",
  "hono",
  "hono/quick",
  "hono/tiny",
  "@hono/zod-openapi",
  "fastify",
  "koa",
]);
const adapters = new Set(appAdapters.flatMap((a) => [...a.modules]));

/** It runs other routes, and may wait for what they leave: `app.use(async (c, next) => ...)`; one for errors answers by itself. */
const isMiddleware = ({ callee }: Call, fn: Fn): boolean =>
  callee.k === "mem" && callee.p === "use" && fn.params.length < 4;

/** The apps that a file hands to a platform. */
function servedBy(file: string, runners: readonly Runner[], project: Project): Served[] {
  const module = project.module(file);
  if (!module) return [];
  const given = [
    ...exportedHandlers(module, project).map(({ platform, e }) => ({ platform, e })),
    ...handedIn(module, project),
  ];
  return given.flatMap(({ platform, e }) => {
    const { app, waits } = appBehind(e, module, project);
    if (!app) return [];
    const { calls } = originsOf(app, module, project);
    const runner = runners.find((r) => calls.has(r.call));
    if (platform === "workers" && !isOnlyWorker(file, project)) return [];
    return runner ? [{ platform, runner, waits, file }] : [];
  });
}

/** What is left of a handler when wrappers, adapters and the function around them are taken off. */
function appBehind(
  e: Expr,
  module: Module,
  project: Project,
  depth = 0,
): { app: Expr | undefined; waits: readonly string[] } {
  const nothing = { app: undefined, waits: [] };
  if (depth > 6) return nothing;
  const inner = (next: Expr): ReturnType<typeof appBehind> => appBehind(next, module, project, depth + 1);
  if (e.k === "call") {
    const wrapped = wrappedIn(e, module, project);
    if (wrapped) {
      const { app, waits } = inner(wrapped.inner);
      return { app, waits: wrapped.waits === undefined ? waits : [...waits, wrapped.waits] };
    }
    const adapted = adaptedIn(e, module, project);
    return adapted ? inner(adapted) : { app: e, waits: [] };
  }
  if (e.k === "id") {
    const [only, ...others] = e.bind?.values ?? [];
    const isPlain = only !== undefined && others.length === 0 && e.bind?.owner.kind === "module";
    if (isPlain && (only.k === "call" || only.k === "obj" || only.k === "fn")) {
      const behind = inner(only);
      return behind.app === only ? { ...behind, app: e } : behind;
    }
    if (e.bind?.kind !== "function") return { app: e, waits: [] };
    return ofFunctions(e, module, project, inner);
  }
  // `{ fetch: app.fetch }`
  if (e.k === "obj") {
    const fetch = e.props.find((p) => p.name === workerHandlers[0])?.value;
    return fetch ? inner(fetch) : nothing;
  }
  if (e.k === "mem") return e.p === "fetch" ? inner(e.o) : { app: e, waits: [] };
  return e.k === "fn" ? ofFunctions(e, module, project, inner) : nothing;
}

/** `async (event, context) => serve(event, context)`, `(request, env, ctx) => app.fetch(request, env, ctx)`. */
function ofFunctions(
  e: Expr,
  module: Module,
  project: Project,
  inner: (next: Expr) => ReturnType<typeof appBehind>,
): ReturnType<typeof appBehind> {
  const fns = project.values
    .of(e, module)
    .flatMap((v) => (v.v === "fn" && v.fn.module === module ? [v.fn] : []));
  for (const { call, fn } of module.calls) {
    if (!fns.includes(fn)) continue;
    if (call.callee.k === "mem" && call.callee.p === "fetch") return inner(call.callee.o);
    const maker = call.callee.k === "id" ? call.callee.bind?.values[0] : call;
    const adapted = maker?.k === "call" ? adaptedIn(maker, module, project) : undefined;
    if (adapted) return inner(adapted);
  }
  return { app: undefined, waits: [] };
}

/** `serverless(app)`, `serverlessExpress({ app })`: the app that an adapter is given. */
function adaptedIn(call: Call, module: Module, project: Project): Expr | undefined {
  const facts = project.values
    .callee(call.callee, module)
    .flatMap((v) => (v.v === "package" ? [{ specifier: v.specifier, path: v.path }] : []))
    .flatMap(({ specifier, path }) =>
      appAdapters.filter((a) => a.modules.includes(specifier) && a.path.test(path)),
    )[0];
  const [first] = facts ? call.args : [];
  if (first?.k !== "obj") return first;
  return first.props.find((p) => p.name === "app")?.value;
}

function reachOf(file: string, { index }: Project): Set<string> {
  const reached = new Set<string>([file]);
  for (const at of reached)
    for (const edge of index.imports(at)) if (edge.kind !== "type") reached.add(edge.file);
  return reached;
}

/** Some flush of these files is no route's own: a middleware, a hook or the function around the app may wait for all of them. */
function flushesAround(
  routes: readonly Invocation[],
  all: readonly Invocation[],
  reach: ReadonlySet<string>,
  project: Project,
): boolean {
  const flushes = (hits: readonly Hit[]): Hit[] =>
    hits.filter((h) => h.kind === "flush" || h.kind === "floating");
  const own = new Set(routes.flatMap((r) => flushes(runOf(r, project).hits).map((h) => h.call)));
  const others = all.filter((i) => !routes.includes(i));
  if (others.some((i) => flushes(runOf(i, project).hits).some((h) => h.kind === "flush"))) return true;
  return [...project.marks.modules].some(
    ([module, { direct }]) =>
      reach.has(module.file) && direct.some((d) => d.mark === "flush" && !own.has(d.call)),
  );
}
