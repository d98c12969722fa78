import { composeServicesOf, type Service } from "../deployment/compose.js";
import { entriesOf, fieldOf, itemsOf, scalarOf, textOf } from "../deployment/documents.js";
import { millisOfDuration } from "../deployment/durations.js";
import { isSaidElsewhere, profilesOf } from "../deployment/overlays.js";
import { dirOf } from "../program/index/paths.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import type { Span } from "../syntax/ir.js";
import { exportersOf, type Exporter } from "./exporters.js";
import { hostOf } from "./hosts.js";

/** A program that sends to a collector which the same compose file starts. */
export interface Pair {
  run: Run;
  exporter: Exporter;
  /** The service that runs the program. */
  program: Service;
  collector: Service;
  /** A service that has to be healthy before the collector is started, and how long that takes at least; the program does not wait for it. */
  heldBy: { name: string; millis: number } | undefined;
}

/** The programs of a project that start together with their collector; those that wait for it, or for others, are left out. */
export function pairsOf(project: Project): Pair[] {
  let found = known.get(project);
  if (!found) {
    const services = composeServicesOf(project);
    found = services.flatMap((program) => {
      const beside = services.filter((s) => s.of === program.of && s !== program);
      if (beside.length === 0 || isHeldBack(program)) return [];
      if (isSaidElsewhere(program, ["depends_on", "command", "entrypoint"], project)) return [];
      return project
        .runs()
        .filter((run) => isRunBy(run, program, project))
        .flatMap((run) =>
          exportersOf(run, project).flatMap((exporter): Pair[] => {
            const host = hostFor(exporter, program);
            const collector = beside.find((s) => host !== undefined && namesOf(s).includes(host));
            if (!collector) return [];
            const waits = waitsOf(program, beside);
            const others = waitsOf(collector, [...beside, program]);
            // one that is started on demand may have been there for long, or not be there at all
            if (!profilesOf(collector).every((p) => profilesOf(program).includes(p))) return [];
            if (waits.has(collector.name) || [...waits].some((name) => !others.has(name))) return [];
            const heldBy = longest(beside.filter((s) => others.has(s.name) && !waits.has(s.name)));
            return [{ run, exporter, program, collector, heldBy }];
          }),
        );
    });
    known.set(project, found);
  }
  return found;
}

const known = new WeakMap<Project, Pair[]>();

/** Whether a service is built from the folder of the program's package. */
export function isRunBy(run: Run, { build }: Service, project: Project): boolean {
  if (!build) return false;
  if (run.entries.some((e) => e.reason === "dockerfile" && e.where.file === build.dockerfile)) return true;
  const dir = project.index.packageOf(run.entry.file)?.dir;
  return dir !== undefined && (dir === build.context || dir === dirOf(build.dockerfile));
}

/** Where a container makes the exporter send to; undefined when that cannot be told. */
function hostFor({ endpoint }: Exporter, program: Service): string | undefined {
  for (const name of endpoint?.variables ?? []) {
    if (program.env.has(name)) {
      const value = program.env.get(name);
      // `${ENDPOINT:-http://collector:4318}`: what it is without more
      return value === undefined ? undefined : hostOf(value.replace(/\$\{\w+:?-([^}]*)\}/g, "$1"));
    }
    if (program.openEnv) return undefined;
  }
  return endpoint?.host;
}

/** The names by which other services reach a service. */
export function namesOf({ name, map, of }: Service): string[] {
  const own = ["container_name", "hostname"].map((field) => textOf(fieldOf(map, field, of)));
  return [name, ...own.filter((n) => n !== undefined)];
}

/** The services that are ready before a service starts, as `depends_on` says, also of those that it waits for. */
function waitsOf(service: Service, among: readonly Service[]): Set<string> {
  const ready = new Set<string>();
  const seen = new Set([service.name]);
  const work = [service];
  for (let at = work.pop(); at; at = work.pop()) {
    for (const { name, condition } of dependenciesOf(at)) {
      if (condition !== "service_started") ready.add(name);
      const next = among.find((s) => s.name === name);
      if (!next || seen.has(name)) continue;
      seen.add(name);
      work.push(next);
    }
  }
  return ready;
}

/** A service that another one waits for. */
export interface Dependency {
  name: string;
  condition: string;
  /** The value of `condition`, where it is written. */
  at: Span | undefined;
  /** `required: false`: compose goes on without it. */
  optional: boolean;
}

/** The entries of `depends_on`, in both of its forms. */
export function dependenciesOf({ map, of }: Service): Dependency[] {
  const field = fieldOf(map, "depends_on", of);
  const listed = itemsOf(field, of).flatMap((item): Dependency[] => {
    const name: unknown = item?.toJSON();
    return typeof name === "string"
      ? [{ name, condition: "service_started", at: undefined, optional: false }]
      : [];
  });
  const mapped = entriesOf(field?.value, of).map(([name, { value }]) => {
    const condition = fieldOf(value, "condition", of);
    return {
      name,
      condition: textOf(condition) ?? "service_started",
      at: condition?.at,
      optional: scalarOf(fieldOf(value, "required", of)) === false,
    };
  });
  return [...listed, ...mapped];
}

/** Docker asks for the health of a container for the first time after this, unless `interval` or `start_interval` says otherwise. */
const defaultInterval = 30_000;

/** Of services that others wait for, the one that is healthy last, as far as their health checks say. */
function longest(services: readonly Service[]): { name: string; millis: number } | undefined {
  const held = services.flatMap(({ name, map, of }) => {
    const check = fieldOf(map, "healthcheck", of)?.value;
    const said = ["interval", "start_interval"].flatMap((key) => {
      const field = check && fieldOf(check, key, of);
      return field ? [millisOfDuration(scalarOf(field)) ?? 0] : [];
    });
    return check && fieldOf(check, "test", of) ? [{ name, millis: Math.min(defaultInterval, ...said) }] : [];
  });
  return held.sort((a, b) => b.millis - a.millis)[0];
}

const holds = /\b(wait|until|dockerize|sleep|nc)\b/i;

/** Its command waits for something before it runs the program. */
function isHeldBack({ map, of }: Service): boolean {
  return ["command", "entrypoint"].some((name) => {
    const field = fieldOf(map, name, of);
    return field !== undefined && holds.test(of.text.slice(...field.at));
  });
}
