import { workOfPod } from "../delivery/runs.js";
import { fieldAt, fieldOf, scalarOf, textOf } from "../deployment/documents.js";
import { workloadsOf, type PodContainer, type Workload } from "../deployment/kubernetes.js";
import { pathOfImage } from "../deployment/links.js";
import { isPatchedElsewhere } from "../deployment/patches.js";
import { collectorImages } from "../knowledge/collectors.js";
import type { ChainBreak } from "../program/details.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import { exportersOf, type Exporter } from "./exporters.js";
import { hostOf } from "./hosts.js";

/** A container whose program sends to a collector in the same pod. */
interface Sender {
  exporter: Exporter;
  pod: PodContainer;
}

/**
 * Collectors that stand as ordinary containers beside a program which sends to them. `names`: the package of the exporter, its
 * transport, the collector, and what comes of it: `start`, `end` or `job`.
 */
export function lateSidecars(project: Project): ChainBreak[] {
  const all = workloadsOf(project);
  return all.flatMap((own) =>
    own.containers.filter(isCollector).flatMap((collector): ChainBreak[] => {
      const workload = laidUnder(own, all);
      if (!workload || isMoved(collector, own, all, project)) return [];
      const senders = sendersTo(collector, workload, project);
      const harm =
        harmOfJob(collector, workload, senders) ??
        harmAtEnd(collector, workload, senders) ??
        harmAtStart(collector, workload, senders);
      if (!harm) return [];
      const { exporter, pod } = harm.sender;
      return [
        {
          kind: "chain-break",
          check: "sidecar",
          fn: own.of.fn,
          at: collector.at,
          names: [exporter.package, exporter.transport, collector.name, harm.what],
          // one that tries again for some seconds, or may, loses something only when the collector is slow
          ...(harm.what === "start" && exporter.retries !== false ? { strict: true } : {}),
          others: [
            { fn: exporter.fn, at: exporter.call.at, message: "this exporter sends to it" },
            { fn: workload.of.fn, at: pod.at, message: "the program runs in this container" },
          ],
        },
      ];
    }),
  );
}

interface Harm {
  what: "start" | "end" | "job";
  sender: Sender;
}

const isCollector = ({ image }: PodContainer): boolean =>
  image !== undefined && collectorImages.some((name) => name.test(pathOfImage(image)));

/** The workload that a collector is added to: its own, or the one that its Kustomize patch is laid over. */
function laidUnder(own: Workload, all: readonly Workload[]): Workload | undefined {
  const same = all.filter((w) => w !== own && w.kind === own.kind && w.name === own.name);
  if (own.containers.some((c) => c.image !== undefined && !isCollector(c))) return own;
  const bases = same.filter((w) => w.containers.every((c) => c.image !== undefined));
  const [base] = bases;
  if (!base) return own;
  return bases.length === 1 ? { ...base, containers: [...base.containers, ...own.containers] } : undefined;
}

/** A patch takes it out, or makes an init container of it. */
function isMoved(
  { name, map }: PodContainer,
  own: Workload,
  all: readonly Workload[],
  project: Project,
): boolean {
  if (textOf(fieldOf(map, "$patch", own.of)) !== undefined) return true;
  const others = all.filter((w) => w !== own && w.kind === own.kind && w.name === own.name);
  const isTaken = others.some(
    (w) =>
      w.inits.some((c) => c.name === name) ||
      w.containers.some((c) => c.name === name && fieldOf(c.map, "$patch", w.of) !== undefined),
  );
  return isTaken || isPatchedElsewhere("initContainers", project);
}

function sendersTo(collector: PodContainer, workload: Workload, project: Project): Sender[] {
  return workload.containers.flatMap((pod) =>
    pod === collector
      ? []
      : workOfPod(workload, pod, project)
          .filter((run) => lifespanOf(run, project) !== "library")
          .flatMap((run) => exportersOf(run, project))
          .filter((exporter) => sendsToPod(exporter, pod))
          .map((exporter) => ({ exporter, pod })),
  );
}

/** A Job is complete when all of its containers have ended, and a collector ends only when it is told to. */
function harmOfJob(
  collector: PodContainer,
  { kind, pod, of }: Workload,
  senders: Sender[],
): Harm | undefined {
  const [sender] = senders;
  if (!sender || !/^(Cron)?Job$/.test(kind)) return undefined;
  // what its own command is may end, and who shares its processes may end it
  if (scalarOf(fieldOf(pod.value, "shareProcessNamespace", of)) === true) return undefined;
  const first = collector.command?.words?.[0];
  const isItself = collector.command === undefined || /\/?(otelcol|otelcontribcol)[\w-]*$/.test(first ?? "");
  return isItself ? { what: "job", sender } : undefined;
}

/** The program waits before it hears its signal and goes on serving, while the collector has gone. */
function harmAtEnd(collector: PodContainer, { of }: Workload, senders: Sender[]): Harm | undefined {
  if (collector.preStop === 0 && fieldAt(collector.map, ["lifecycle", "preStop"], of)) return undefined;
  const sender = senders.find(({ pod }) => pod.preStop > collector.preStop);
  return sender && { what: "end", sender };
}

/** The exporter beside a collector that loses most while that starts. */
function harmAtStart(
  collector: PodContainer,
  { containers, of }: Workload,
  senders: Sender[],
): Harm | undefined {
  const hooked = fieldAt(collector.map, ["lifecycle", "postStart"], of) !== undefined;
  const early = senders.filter(
    ({ pod }) =>
      !isHeldBack(pod) &&
      // the kubelet starts no later container before a `postStart` hook has come to its end
      !(hooked && containers.indexOf(collector) < containers.indexOf(pod)),
  );
  const sender = early.find(({ exporter }) => exporter.retries === false) ?? early[0];
  return sender && { what: "start", sender };
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
