import { fieldAt, fieldOf, itemsOf, scalarOf, textOf } from "../deployment/documents.js";
import type { YamlDocument } from "../deployment/documents.js";
import { workloadsOf, type PodContainer, type Workload } from "../deployment/kubernetes.js";
import { pathOfImage } from "../deployment/links.js";
import { collectorsFromScratch, healthPort } from "../knowledge/collectors.js";
import type { ChainBreak } from "../program/details.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import type { Span } from "../syntax/ir.js";
import { configOf, failureOf, type Configuration } from "./configurations.js";

const probes = ["startupProbe", "livenessProbe", "readinessProbe"];

/** A probe of a collector that nothing answers. */
export interface Unanswered {
  collector: PodContainer;
  workload: Workload;
  probe: string;
  at: Span;
  config: Configuration;
  failure: "off" | "localhost";
}

/** Probes of a collector that nothing answers, as its configuration in a ConfigMap of the same project shows. */
export function unansweredIn(project: Project): Unanswered[] {
  if (!project.runs().some((run) => lifespanOf(run, project) !== "library")) return [];
  return workloadsOf(project).flatMap((workload) => {
    if (scalarOf(fieldOf(workload.pod.value, "hostNetwork", workload.of)) === true) return [];
    return [...workload.containers, ...workload.inits].flatMap((collector): Unanswered[] => {
      const { image } = collector;
      if (image === undefined || !collectorsFromScratch.some((i) => i.test(pathOfImage(image)))) return [];
      const [asked] = probes.flatMap((probe) => probeOf(collector, probe, workload.of) ?? []);
      const config = asked && configOf(collector, workload, project);
      const failure = config && failureOf(config.document, image);
      return failure ? [{ collector, workload, ...asked, config, failure }] : [];
    });
  });
}

/** The same, as findings. `names`: the collector, the probe, `off` or `localhost`. */
export const unansweredProbes = (project: Project): ChainBreak[] =>
  unansweredIn(project).map(({ collector, workload, probe, at, config, failure }) => ({
    kind: "chain-break",
    check: "no-health-check",
    fn: workload.of.fn,
    at,
    names: [collector.name, probe, failure],
    others: [{ fn: config.of.fn, at: config.field.keyAt, message: "this is its configuration" }],
  }));

/** A probe that asks the `health_check` extension from outside of the pod. */
function probeOf(
  { map }: PodContainer,
  probe: string,
  of: YamlDocument,
): { probe: string; at: Span } | undefined {
  const asks = fieldAt(map, [probe, "httpGet"], of);
  if (!asks || fieldOf(asks.value, "host", of)) return undefined;
  const given = scalarOf(fieldOf(asks.value, "port", of));
  const named = itemsOf(fieldOf(map, "ports", of), of).find((p) => textOf(fieldOf(p, "name", of)) === given);
  const port = typeof given === "number" ? given : scalarOf(fieldOf(named, "containerPort", of));
  return port === healthPort ? { probe, at: fieldOf(map, probe, of)?.keyAt ?? asks.at } : undefined;
}
