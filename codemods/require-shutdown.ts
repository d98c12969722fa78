import type { Repair } from "../src/finding.js";
import type { MissingShutdown } from "../src/program/details.js";
import type { Ending } from "../src/program/endings.js";
import type { Project } from "../src/program/project.js";
import type { RunReport } from "../src/program/view.js";
import type { Expr, Fn, Module } from "../src/syntax/ir.js";
import { SIGNALS } from "./ending/signals.js";
import { spotBehind } from "./ending/place.js";
import type { Page } from "./ending/page.js";
import { type AnyCloser, type CloseCall, Closer } from "./graceful/closer.js";
import { Draft } from "./graceful/draft.js";
import { endsProcess } from "./graceful/servers.js";
import { closeBeforeQuit, electronMain } from "./graceful/electron.js";
import { callSetUp, registersListeners } from "./graceful/setup.js";
import { closeOfField } from "./graceful/field-close.js";
import { type Home, homesOf, pagesOf, runsStarting } from "./graceful/home.js";
import { mergeInto } from "./graceful/merge.js";
import { addHook, enableHooks, isInjected, nestAppOf, rootModuleOf } from "./graceful/nest.js";
import { writeBeside, writeGraceful } from "./graceful/write.js";

/**
 * Lets the endings of a program close the telemetry that it starts: those that it has, else a graceful one beside what it
 * serves, else one beside the start.
 * @returns undefined when nothing sound can be offered
 */
export function repairRequireShutdown(report: RunReport, project: Project): Repair | undefined {
  const { details } = report;
  if (details?.kind !== "missing-shutdown") return undefined;
  const { module } = details.start.fn;
  const draft = new Draft();
  const open = pagesOf(project);
  const page = open(module.file);
  if (!page || isServerless(project, module)) return undefined;
  const done = new Ways(report, details, module, page, project, draft, open).any();
  const edits = done ? draft.finish() : undefined;
  return edits && { level: "review", title: `Close ${details.vendor.name} when the program ends`, edits };
}

/** Between two invocations nothing runs, and no signal comes. */
const isServerless = (project: Project, module: Module): boolean =>
  project.index.entriesOf(module.file).some((entry) => entry.reason === "serverless");

/** The ways to repair one report, the one that changes least first. */
class Ways {
  constructor(
    private readonly report: RunReport,
    private readonly details: MissingShutdown,
    private readonly module: Module,
    private readonly page: Page,
    private readonly project: Project,
    private readonly draft: Draft,
    private readonly open: (file: string) => Page | undefined,
  ) {}

  any(): boolean {
    const { details } = this;
    switch (details.shape) {
      case "hooks":
        return this.enableHooks();
      case "natural-end":
        return this.naturalEnd();
      // the other signal may be left alone on purpose
      case "one-signal":
        return false;
      default:
        return (
          this.byCallingSetUp(details.helper) ??
          this.inElectron(details.helper) ??
          this.inService() ??
          this.inEndings(details.helper) ??
          this.inHook(details.helper) ??
          this.inNewEnding(details.helper)
        );
    }
  }

  private closer(given?: Fn): AnyCloser | undefined {
    return Closer.of(this.page, this.module, this.details.start, this.project, this.draft, given);
  }

  private enableHooks(): boolean {
    if (this.isClosedWithServer()) {
      const homes = homesOf(this.module, this.project, this.open);
      return homes?.every((home) => writeGraceful(this.draft, home, undefined)) ?? false;
    }
    const app = this.app();
    return app !== undefined && !app.hooks && enableHooks(app, this.draft);
  }

  private app(): ReturnType<typeof nestAppOf> {
    for (const run of runsStarting(this.module, this.project)) {
      const app = nestAppOf(run, this.project, this.open);
      if (app) return app;
    }
    return undefined;
  }

  /** Only the natural end is left out. */
  private naturalEnd(): boolean {
    const { report, project } = this;
    const home = this.open(report.module.file);
    const spot = home && report.call && spotBehind(home, home.program, [report.call.at[0]]);
    const close = home && this.closer()?.plainCallIn(home);
    const module = home && project.module(home.file);
    if (!home || !spot || !close || !module) return false;
    writeBeside(this.draft, { page: home, module }, spot.behind, close, { natural: true, signals: false });
    return true;
  }

  /** A class that Nest makes closes what it holds itself; undefined when the handle is elsewhere. */
  private inService(): boolean | undefined {
    const { page, project, draft } = this;
    const field = closeOfField(page, this.details.start, project);
    if (!field || !isInjected(field.cls)) return undefined;
    const app = this.app();
    if (!app || !addHook(page, field.cls, field, project, draft)) return false;
    return app.hooks || enableHooks(app, draft);
  }

  /** Into the endings that the program has; undefined when it has none. */
  private inEndings(helper: Fn | undefined): boolean | undefined {
    const endings = mergeable(this.details.endings);
    if (endings.length === 0) return undefined;
    const closer = this.closer(helper);
    if (!closer) return false;
    const { project, draft, open } = this;
    const results = endings.map((ending) => mergeInto(ending, { project, closer, draft, open }));
    if (results.includes("fixed")) return false;
    if (!results.includes("natural")) return true;
    // what a server's listener leaves running goes on producing
    return this.details.lifespan !== "service" && this.beforeExit(closer);
  }

  /** Listeners that leave the end to the empty event loop: that is the natural one. */
  private beforeExit(closer: AnyCloser): boolean {
    const place = closer.place();
    const close = closer.promiseIn(this.page);
    if (!place || !close) return false;
    writeBeside(this.draft, { page: this.page, module: this.module }, place, close, {
      natural: true,
      signals: false,
    });
    return true;
  }

  /** Nest ends the process itself once its hooks have run. */
  private inHook(helper: Fn | undefined): boolean | undefined {
    const app = this.app();
    if (!app?.hooks) return undefined;
    const root = rootModuleOf(app, this.project);
    const page = root && this.open(root.module.file);
    const close = page && this.closer(helper)?.callIn(page);
    return page && close ? addHook(page, root, close, this.project, this.draft) : false;
  }

  /** A hook of fastify closes it with the server. */
  private isClosedWithServer(): boolean {
    const { details, module } = this;
    const hooks = module.calls.filter(
      ({ call }) => call.callee.k === "mem" && call.callee.p === "addHook" && isOnClose(call.args[0]),
    );
    return runsStarting(module, this.project).some((run) =>
      run.hits.some(
        (hit) =>
          hit.kind === "flush" &&
          hit.vendor === details.vendor &&
          hit.fn.module === module &&
          hooks.some(({ call }) => call.at[0] <= hit.at[0] && hit.at[1] <= call.at[1]),
      ),
    );
  }

  /** Electron has an event of its own for the end; undefined for other programs. */
  private inElectron(helper: Fn | undefined): boolean | undefined {
    for (const run of runsStarting(this.module, this.project)) {
      const page = electronMain(run, this.project, this.open);
      if (!page) continue;
      const closer = this.closer(helper);
      return closer !== undefined && closeBeforeQuit(page, closer, this.draft);
    }
    return undefined;
  }

  /** A function that nobody calls registers the listeners itself, given the server or nothing. */
  private byCallingSetUp(helper: Fn | undefined): boolean | undefined {
    if (!helper || !registersListeners(helper)) return undefined;
    const homes = homesOf(this.module, this.project, this.open);
    return homes?.every((home) => callSetUp(this.draft, home, helper, this.project)) ?? false;
  }

  private inNewEnding(helper: Fn | undefined): boolean {
    const { lifespan } = this.details;
    const closer = this.closer(helper);
    if (!closer) return false;
    const homes = lifespan === "one-shot" ? undefined : homesOf(this.module, this.project, this.open);
    if (homes?.some((home) => home.servers.some((server) => endsProcess(server.facts)))) return false;
    if (homes) {
      const calls = homes.map((home): [Home, CloseCall | undefined] => [home, closer.callIn(home.page)]);
      if (calls.every(([, close]) => close !== undefined))
        return calls.every(([home, close]) => writeGraceful(this.draft, home, close));
    }
    const place = closer.place();
    const close = closer.promiseIn(this.page);
    if (!place || !close) return false;
    const natural = lifespan === "one-shot" || lifespan === "unknown";
    writeBeside(this.draft, { page: this.page, module: this.module }, place, close, {
      natural,
      signals: true,
    });
    return true;
  }
}

const isCloseHook = ({ call }: Ending): boolean => call?.callee.k === "mem" && call.callee.p === "addHook";

const isOnClose = (e: Expr | undefined): boolean =>
  e?.k === "lit" && (e.v === "onClose" || e.v === "preClose");

/** Endings that end the program as a whole: crashes are another matter, and `exit` waits for nobody. */
const mergeable = (endings: readonly Ending[]): Ending[] => {
  const seen = new Set<Fn>();
  return (
    endings
      // a hook that runs when the server is closed says nothing of who closes that
      .filter(
        (e) => (e.kind === "owner" && !isCloseHook(e)) || e.events.some((name) => SIGNALS.includes(name)),
      )
      .filter((e) => {
        const fresh = e.listeners.some((l) => !seen.has(l));
        for (const l of e.listeners) seen.add(l);
        return fresh || e.listeners.length === 0;
      })
  );
};
