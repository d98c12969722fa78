import type { CrashHook, Vendor } from "../knowledge/schema.js";
import type { Call, Expr, Fn, Module, Stmt } from "../syntax/ir.js";
import { evaluates, expressionsOf, listsOf } from "../syntax/parts.js";
import { crashCover, type Carrier } from "./covered.js";
import type { CrashLoss } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { functionsIn } from "../program/reach.js";
import { verdictOf } from "./web/hooks.js";
import { says } from "../program/says.js";
import { routeFails } from "./web/routes.js";

/** A reporter's hook that is put into an app. */
interface Placed {
  hook: CrashHook;
  reporter: Carrier;
  /** The call that puts it there, and the app. */
  call: Call;
  fn: Fn;
  app: object | string;
  /** Where the hook itself stands, when this is a call of the function around it. */
  from?: Placed;
}

/**
 * Hooks of reporters that stand where errors never come to them: before routes of the same app (express, connect), behind an
 * error middleware that ends the answer, or behind the routes in a framework whose hook has to stand around them (koa, hono).
 */
export function hookOrder(run: Run, project: Project): CrashLoss[] {
  const { reporters } = crashCover(run, project);
  const hooks = reporters.flatMap((r) => (r.facts.hooks ?? []).map((hook) => ({ hook, reporter: r })));
  const names = [...new Set(hooks.map((h) => lastOf(h.hook.path)))];
  if (names.length === 0) return [];
  return [...run.files].sort().flatMap((file): CrashLoss[] => {
    const may = !project.index.isTest(file) && names.some((n) => says(file, n, project));
    const module = may ? project.module(file) : undefined;
    if (!module) return [];
    const placed = module.calls.flatMap(({ call, fn }) => placedBy(call, fn, hooks, project));
    return placed.flatMap((p) => {
      const own = judge(p, placed, run, project);
      return own.length > 0
        ? own
        : throughCallers(p, run, project).flatMap((c) => judge(c, [], run, project));
    });
  });
}

/** `initSentry(app)`: the app came as an argument, and its routes are where the function was called. */
function throughCallers(placed: Placed, run: Run, project: Project): Placed[] {
  const { fn, app } = placed;
  const index = fn.params.findIndex((p) => p.some((bind) => bind === app));
  if (index < 0) return [];
  const files = [fn.module.file, ...project.index.importers(fn.module.file)].filter((f) => run.files.has(f));
  return files.flatMap((file) => {
    const module = project.index.isTest(file) ? undefined : project.module(file);
    return (module?.calls ?? []).flatMap(({ call, fn: home }): Placed[] => {
      const given = call.args[index] && keyOf(call.args[index]);
      if (given === undefined) return [];
      const calls = project.values.callee(call.callee, home.module).some((v) => v.v === "fn" && v.fn === fn);
      return calls ? [{ ...placed, fn: home, call, app: given, from: placed }] : [];
    });
  });
}

const lastOf = (path: string): string => path.split(".").at(-1) ?? path;

function placedBy(
  call: Call,
  fn: Fn,
  hooks: readonly { hook: CrashHook; reporter: Carrier }[],
  project: Project,
): Placed[] {
  const { callee, args } = call;
  for (const { hook, reporter } of hooks) {
    const is = (e: Expr): boolean => isHook(e, hook, reporter.vendor, fn.module, project);
    // `setupExpressErrorHandler(app)`
    const given = args[0];
    if (given && is(callee)) {
      const app = keyOf(given);
      return app === undefined ? [] : [{ hook, reporter, call, fn, app }];
    }
    // `app.use(Handlers.errorHandler())`
    if (callee.k !== "mem" || callee.p !== "use" || args.length !== 1 || !given) continue;
    const app = keyOf(callee.o);
    if (app !== undefined && is(given.k === "call" ? given.callee : given))
      return [{ hook, reporter, call, fn, app }];
  }
  return [];
}

/** Whether an expression is this function of the reporter. */
function isHook(e: Expr, { path }: CrashHook, vendor: Vendor, module: Module, project: Project): boolean {
  const name = e.k === "mem" ? e.p : e.k === "id" ? (e.bind?.from?.name ?? e.name) : undefined;
  if (name !== lastOf(path)) return false;
  return (
    project.values
      .of(e, module)
      .some(
        (v) =>
          v.v === "sdk" &&
          v.sdk.is === "namespace" &&
          v.sdk.vendor === vendor &&
          v.sdk.path.replace(/^default\./, "") === path,
      ) ||
    (e.k === "mem" &&
      project.values
        .of(e.o, module)
        .some((v) => v.v === "sdk" && v.sdk.is === "handle" && v.sdk.cls.vendor === vendor))
  );
}

/** What an app is known by inside one function. */
function keyOf(e: Expr): object | string | undefined {
  if (e.k === "id") return e.bind ?? e.name;
  return e.k === "mem" && e.o.k === "this" && e.p !== undefined ? `this.${e.p}` : undefined;
}

/** A call of a method of the app, in the function in which the hook is put there. */
interface Use {
  call: Call;
  method: string;
}

function judge(placed: Placed, all: readonly Placed[], run: Run, project: Project): CrashLoss[] {
  const { hook, call, fn, app, reporter } = placed;
  const uses = fn.module.calls.flatMap(({ call: c, fn: home }): Use[] =>
    home === fn && c.callee.k === "mem" && c.callee.p !== undefined && keyOf(c.callee.o) === app
      ? [{ call: c, method: c.callee.p }]
      : [],
  );
  // whatever stands twice is heard once
  if (all.some((p) => p !== placed && p.app === app)) return [];
  const before = uses.filter((u) => u.call.at[1] <= call.at[0]);
  const after = uses.filter((u) => u.call.at[0] >= call.at[1]);
  const lost = hook.ordered
    ? behindOrdered(before, after, placed, run, project)
    : AROUND.has(hook.runner)
      ? before.filter((u) => isMount(u, hook.runner, fn, project))
      : [];
  if (lost.length === 0) return [];
  const at = placed.from ?? placed;
  return [
    {
      kind: "crash-loss",
      shape: "hook-order",
      vendor: reporter.vendor,
      start: reporter.start,
      runner: hook.runner,
      fn: at.fn,
      call: at.call,
      at: at.call.at,
      others: lost.slice(0, 3).map((u) => ({
        fn,
        at: u.call.at,
        message:
          hook.ordered && u.call.at[1] <= call.at[0]
            ? "this error middleware ends the answer first"
            : "its errors never come to the hook",
      })),
    },
  ];
}

/** Frameworks in which the hook is a middleware around all that is registered after it. */
const AROUND = new Set(["koa app", "hono app"]);

function behindOrdered(
  before: readonly Use[],
  after: readonly Use[],
  { call, fn }: Placed,
  run: Run,
  project: Project,
): Use[] {
  const errorHandlers = (u: Use): Fn[] =>
    u.method === "use" && u.call.args[0]?.k !== "lit"
      ? u.call.args.flatMap((a) => functionsIn(a, fn, project.values)).filter((f) => f.params.length === 4)
      : [];
  const ending = before.filter((u) => {
    const fns = errorHandlers(u);
    // what is there under a condition only (in development) ends nothing elsewhere
    const always = listAround(u.call, fn.body)?.some((s) => s.at[0] <= call.at[0] && call.at[1] <= s.at[1]);
    return fns.length > 0 && always === true && fns.every((f) => verdictOf(f, run, project) === "swallows");
  });
  // another middleware further down tells
  const told = after.some((u) => errorHandlers(u).some((f) => verdictOf(f, run, project) === "tells"));
  return [...(told ? [] : after.filter((u) => isRoute(u, fn, project))), ...ending];
}

const VERBS = /^(get|post|put|patch|delete|all)$/;
/** Whatever has not been answered by a route: the end of an application, and no work of its own. */
const REST = /^\/?(\(\.\*\)|[({]?\/?\*\w*[)}]?|\.\*)$/;

/** A route whose failure would come to an error middleware behind it. */
function isRoute({ call: { args }, method }: Use, fn: Fn, project: Project): boolean {
  const [path] = args;
  const last = args.at(-1);
  if (!last || last === path) return method === "use" && last !== undefined && isRouter(last, fn, project);
  if (path?.k === "lit" && typeof path.v === "string" && REST.test(path.v)) return false;
  if (method === "use") return isRouter(last, fn, project);
  return VERBS.test(method) && functionsIn(last, fn, project.values).some(routeFails);
}

/** `express.Router()`, maybe of another file. */
const isRouter = (e: Expr, fn: Fn, project: Project): boolean =>
  project.values
    .of(e, fn.module)
    .some(
      (v) => v.v === "package" && v.specifier === "express" && /^(default\.)?Router(\(\))?$/.test(v.path),
    );

/** `app.use(router.routes())` of koa; a route or a mounted app of hono. */
function isMount({ call: { args }, method }: Use, runner: string, fn: Fn, project: Project): boolean {
  const last = args.at(-1);
  if (!last) return false;
  if (runner === "koa app")
    return (
      method === "use" &&
      args.some(
        (a) => a.k === "call" && a.callee.k === "mem" && /^(routes|middleware)$/.test(a.callee.p ?? ""),
      )
    );
  if (method === "route") return args.length === 2;
  return VERBS.test(method) && args.length > 1 && functionsIn(last, fn, project.values).some(routeFails);
}

/** The list of statements in which a call stands. */
function listAround(call: Call, body: readonly Stmt[]): readonly Stmt[] | undefined {
  for (const s of body) {
    if (call.at[0] < s.at[0] || s.at[1] < call.at[1]) continue;
    if (expressionsOf(s).some((e) => evaluates(e, (x) => x === call))) return body;
    for (const list of listsOf(s)) {
      const found = listAround(call, list);
      if (found) return found;
    }
  }
  return undefined;
}
