import { composeServicesOf, type Service } from "../deployment/compose.js";
import { containerOfService } from "../deployment/containers.js";
import { entriesOf, fieldOf, type Field } from "../deployment/documents.js";
import { flyAppsOf } from "../deployment/fly.js";
import type { ManifestSpan } from "../deployment/images.js";
import { workloadsOf, type PodContainer, type Workload } from "../deployment/kubernetes.js";
import { isPatch, isPatchedElsewhere, patchesOf } from "../deployment/patches.js";
import { pm2AppsOf } from "../deployment/pm2.js";
import { defaultGrace, endingSignal } from "../knowledge/grace-periods.js";
import { dirOf } from "../program/index/paths.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Run } from "../program/program.js";
import type { Project } from "../program/project.js";
import type { Span } from "../syntax/ir.js";
import { taskGraces, unitGraces } from "./host-graces.js";
import { runsIn, runsOfPod } from "./runs.js";

/** The time that a manifest leaves to programs between the signal and the kill. */
export interface Grace {
  by: keyof typeof defaultGrace;
  /** In milliseconds, the wait of `preStop` taken off. */
  millis: number;
  preStop: number;
  /** The setting, else what it would stand in: the pod's `spec`, the service, the app. */
  place: ManifestSpan;
  /** The manifest says so; else it is the default of the platform. */
  stated: boolean;
  /** Where the setting belongs: above or below the field that stands there. */
  inside: { at: number; end: number; above: boolean } | undefined;
  signal: string;
  /** Where the manifest says which signal is sent. */
  signalAt: Span | undefined;
  /** Programs that run there. */
  runs: Run[];
  /** Variables that the manifest sets; undefined: any may be set. */
  env: ReadonlyMap<string, string | undefined> | undefined;
}

const beside = (field: Field | undefined, above: boolean): Grace["inside"] =>
  field && { at: field.at[0], end: field.at[1], above };

const known = new WeakMap<Project, Grace[]>();

/** Every time that a manifest of a project leaves to one of its programs; none where it cannot be read. */
export function gracesIn(project: Project): Grace[] {
  let found = known.get(project);
  if (!found) {
    known.set(project, (found = []));
    if (project.runs().length > 0)
      found.push(
        ...podGraces(project),
        ...serviceGraces(project),
        ...pm2Graces(project),
        ...flyGraces(project),
        ...taskGraces(project),
        ...unitGraces(project),
      );
  }
  return found;
}

function podGraces(project: Project): Grace[] {
  const all = workloadsOf(project);
  const field = "terminationGracePeriodSeconds";
  return all
    .filter((w) => !isPatch(w))
    .flatMap((workload): Grace[] => {
      const pods = workload.containers.flatMap((pod) => {
        const runs = runsOfPod(workload, pod, project, true);
        return runs.length > 0 ? [{ pod, runs }] : [];
      });
      if (pods.length === 0) return [];
      const patched = patchesOf(workload, all).filter((p) => p.grace);
      if (isPatchedElsewhere(field, project)) return [];
      const judged = patched.length > 0 ? patched : [workload];
      return judged.flatMap((w) => pods.flatMap(({ pod, runs }) => podGrace(w, workload, pod, runs)));
    });
}

function podGrace(said: Workload, workload: Workload, pod: PodContainer, runs: Run[]): Grace[] {
  const { grace, of, pod: spec } = said;
  if (grace && grace.millis === undefined) return [];
  const total = grace?.millis ?? defaultGrace.kubernetes;
  return [
    {
      by: "kubernetes",
      millis: Math.max(0, total - pod.preStop),
      preStop: pod.preStop,
      place: { fn: of.fn, at: grace?.at ?? spec.keyAt },
      stated: grace !== undefined,
      inside: beside(fieldOf(spec.value, "containers", of), true),
      signal: endingSignal.kubernetes,
      signalAt: undefined,
      runs,
      env: pod.openEnv ? undefined : pod.env,
    },
  ];
}

function serviceGraces(project: Project): Grace[] {
  return composeServicesOf(project).flatMap((service): Grace[] => {
    const { grace, open, of, at } = service;
    if ((grace && grace.millis === undefined) || (!grace && open)) return [];
    const described = containerOfService(service, project);
    const signal = service.signal ?? described?.container.signal ?? endingSignal.compose;
    const followed = described ? runsIn(described, project, true) : [];
    const runs = followed.length > 0 ? followed : onlyServiceIn(service, project);
    if (runs.length === 0) return [];
    return [
      {
        by: "compose",
        millis: grace?.millis ?? defaultGrace.compose,
        preStop: 0,
        place: { fn: of.fn, at: grace?.at ?? at },
        stated: grace !== undefined,
        inside: beside(entriesOf(service.map, of).at(-1)?.[1], false),
        signal,
        signalAt: undefined,
        runs,
        env: service.openEnv ? undefined : service.env,
      },
    ];
  });
}

/** What a service is built from shows no command: of several services in one package it may run any. */
function onlyServiceIn({ build }: Service, project: Project): Run[] {
  if (!build) return [];
  const folders = new Set([build.context, dirOf(build.dockerfile)]);
  const runs = project.runs().filter((run) => {
    const dir = project.index.packageOf(run.entry.file)?.dir;
    return dir !== undefined && folders.has(dir) && lifespanOf(run, project) === "service";
  });
  return runs.length === 1 ? runs : [];
}

function pm2Graces(project: Project): Grace[] {
  return pm2AppsOf(project).flatMap((app): Grace[] => {
    if (app.killTimeout && app.killTimeout.millis === undefined) return [];
    const runs = project
      .runs()
      .filter((run) => app.entries.some((e) => run.entries.some((own) => own.file === e.file)));
    if (runs.length === 0) return [];
    return [
      {
        by: "pm2",
        millis: app.killTimeout?.millis ?? defaultGrace.pm2,
        preStop: 0,
        place: { fn: app.fn, at: app.killTimeout?.at ?? app.at },
        stated: app.killTimeout !== undefined,
        inside: { at: app.at[0], end: app.at[1], above: false },
        signal: endingSignal.pm2,
        signalAt: undefined,
        runs,
        env: app.openEnv ? undefined : app.env,
      },
    ];
  });
}

function flyGraces(project: Project): Grace[] {
  return flyAppsOf(project).flatMap((app): Grace[] => {
    if (app.timeout && app.timeout.millis === undefined) return [];
    const runs = app.containers.flatMap((container) => runsIn({ container, own: true }, project, true));
    if (runs.length === 0) return [];
    return [
      {
        by: "fly",
        millis: app.timeout?.millis ?? defaultGrace.fly,
        preStop: 0,
        place: { fn: app.fn, at: app.timeout?.at ?? app.at },
        stated: app.timeout !== undefined,
        inside: { at: app.at[0], end: app.at[1], above: false },
        signal: app.signal?.name ?? endingSignal.fly,
        signalAt: app.signal?.at,
        runs: [...new Set(runs)],
        // secrets are variables too
        env: undefined,
      },
    ];
  });
}

/**
 * How much time a program has where it runs: of several places the longest. What Kubernetes and ECS say goes before compose files,
 * which then are for work on it.
 */
export function graceOf(run: Run, project: Project): Grace | undefined {
  const own = gracesIn(project).filter((g) => g.runs.includes(run) && g.signal === "SIGTERM");
  const pods = own.filter((g) => g.by === "kubernetes");
  const tasks = own.filter((g) => g.by === "ecs");
  const others = own.filter((g) => g.by === "compose" || g.by === "systemd");
  return (pods.length > 0 ? pods : tasks.length > 0 ? tasks : others).reduce<Grace | undefined>(
    (most, g) => (most && most.millis >= g.millis ? most : g),
    undefined,
  );
}
