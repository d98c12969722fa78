import { runsOfPod } from "../delivery/runs.js";
import { fieldAt } from "../deployment/documents.js";
import { workloadsOf, type PodContainer, type Workload } from "../deployment/kubernetes.js";
import { pathOfImage } from "../deployment/links.js";
import { collectorImages } from "../knowledge/collectors.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import { exportersOf, type Exporter } from "./exporters.js";
import { hostOf } from "./hosts.js";

/**
 * Collectors that start as ordinary containers beside a program which sends to them. `names`: the package of the exporter, its
 * transport, the container.
 */
export function lateSidecars(project: Project): ChainBreak[] {
  return workloadsOf(project).flatMap((workload) =>
    workload.containers.filter(isCollector).flatMap((collector) => {
      const loser = losers(workload, collector, project);
      if (!loser) return [];
      const { exporter } = loser;
      return [
        {
          kind: "chain-break" as const,
          check: "sidecar",
          fn: workload.of.fn,
          at: collector.at,
          names: [exporter.package, exporter.transport, collector.name],
          // one that tries again for some seconds, or may, loses something only when the collector is slow
          ...(exporter.retries === false ? {} : { strict: true }),
          others: [
            { fn: exporter.fn, at: exporter.call.at, message: "this exporter sends to it" },
            { fn: workload.of.fn, at: loser.pod.at, message: "the program runs in this container" },
          ],
        },
      ];
    }),
  );
}

const isCollector = ({ image }: PodContainer): boolean =>
  image !== undefined && collectorImages.some((name) => name.test(pathOfImage(image)));

/** The exporter beside a collector that loses most. */
function losers(
  workload: Workload,
  collector: PodContainer,
  project: Project,
): { exporter: Exporter; pod: PodContainer } | undefined {
  const { containers, of } = workload;
  const found = containers.flatMap((pod) => {
    if (pod === collector || isHeldBack(pod)) return [];
    // the kubelet starts no later container before a `postStart` hook has come to its end
    const hooked = fieldAt(collector.map, ["lifecycle", "postStart"], of) !== undefined;
    if (hooked && containers.indexOf(collector) < containers.indexOf(pod)) return [];
    return runsOfPod(workload, pod, project)
      .flatMap((run) => exportersOf(run, project))
      .filter((exporter) => sendsToPod(exporter, pod))
      .map((exporter) => ({ exporter, pod }));
  });
  return found.find(({ exporter }) => exporter.retries === false) ?? found[0];
}

const holds = /\b(wait|until|while|sleep|nc|curl|wget)\b/i;

/** Its command waits for something before it runs the program. */
const isHeldBack = ({ command, args }: PodContainer): boolean =>
  [...(command?.words ?? []), ...(args?.words ?? [])].some((word) => holds.test(word));

/** Containers of a pod reach each other by `localhost`. */
function sendsToPod({ endpoint }: Exporter, pod: PodContainer): boolean {
  if (!endpoint) return false;
  for (const name of endpoint.variables) {
    const value = pod.env.get(name);
    if (value !== undefined) return isLocal(hostOf(value));
    // its value is in a ConfigMap
    if (pod.env.has(name) || pod.openEnv) return false;
  }
  return isLocal(endpoint.host);
}

const isLocal = (host: string | undefined): boolean =>
  host === "localhost" || host === "127.0.0.1" || host === "0.0.0.0";
