import {
  documentIn,
  documentsOf,
  fieldAt,
  fieldOf,
  itemsOf,
  scalarOf,
  textOf,
} from "../deployment/documents.js";
import type { YamlDocument } from "../deployment/documents.js";
import { isForWork } from "../deployment/for-work.js";
import { workloadsOf, type PodContainer, type Workload } from "../deployment/kubernetes.js";
import { pathOfImage } from "../deployment/links.js";
import { asksFor } from "../facts/majors.js";
import { collectorsFromScratch, healthPort, localhostSince } from "../knowledge/collectors.js";
import type { ChainBreak } from "../program/details.js";
import { baseOf, dirOf } from "../program/index/paths.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import type { Span } from "../syntax/ir.js";

const probes = ["startupProbe", "livenessProbe", "readinessProbe"];

/**
 * Probes of a collector that nothing answers, as its configuration in a ConfigMap of the same project shows. `names`: the collector,
 * the probe, `off` or `localhost`.
 */
export function unansweredProbes(project: Project): ChainBreak[] {
  if (!project.runs().some((run) => lifespanOf(run, project) !== "library")) return [];
  return workloadsOf(project).flatMap((workload) => {
    if (scalarOf(fieldOf(workload.pod.value, "hostNetwork", workload.of)) === true) return [];
    return [...workload.containers, ...workload.inits].flatMap((collector): ChainBreak[] => {
      const { image, name } = collector;
      if (image === undefined || !collectorsFromScratch.some((i) => i.test(pathOfImage(image)))) return [];
      const [asked] = probes.flatMap((probe) => probeOf(collector, probe, workload.of) ?? []);
      const config = asked && configOf(collector, workload, project);
      const failure = config && failureOf(config.document, image);
      if (!failure) return [];
      return [
        {
          kind: "chain-break",
          check: "no-health-check",
          fn: workload.of.fn,
          at: asked.at,
          names: [name, asked.probe, failure],
          others: [{ fn: config.of.fn, at: config.at, message: "this is its configuration" }],
        },
      ];
    });
  });
}

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

interface Configuration {
  document: YamlDocument;
  of: YamlDocument;
  at: Span;
}

/** The configuration that a collector is started with, where exactly one ConfigMap of the project holds it. */
function configOf(collector: PodContainer, workload: Workload, project: Project): Configuration | undefined {
  const { of, pod } = workload;
  const words = [...(collector.command?.words ?? []), ...(collector.args?.words ?? [])];
  const given = words.flatMap((word, i) => {
    const [, path] = /^--config(?:=(.*))?$/.exec(word) ?? [];
    return /^--config/.test(word) ? [(path ?? words[i + 1] ?? "").replace(/^file:/, "")] : [];
  });
  const [path, ...others] = given;
  // several are laid over each other, and `--set` and feature gates change what they say
  if (path === undefined || others.length > 0 || words.some((w) => /^--(set|feature-gates)/.test(w)))
    return undefined;
  for (const mount of itemsOf(fieldOf(collector.map, "volumeMounts", of), of)) {
    const target = textOf(fieldOf(mount, "mountPath", of))?.replace(/\/$/, "");
    const part = textOf(fieldOf(mount, "subPath", of));
    if (target === undefined || target !== (part === undefined ? dirOf(path) : path)) continue;
    const volume = itemsOf(fieldOf(pod.value, "volumes", of), of).find(
      (v) => textOf(fieldOf(v, "name", of)) === textOf(fieldOf(mount, "name", of)),
    );
    const map = volume && fieldOf(volume, "configMap", of)?.value;
    const name = textOf(fieldOf(map, "name", of));
    if (name === undefined) return undefined;
    const file = part ?? baseOf(path);
    const item = itemsOf(fieldOf(map, "items", of), of).find((i) => textOf(fieldOf(i, "path", of)) === file);
    return configMapOf(name, textOf(fieldOf(item, "key", of)) ?? file, project);
  }
  return undefined;
}

function configMapOf(name: string, key: string, project: Project): Configuration | undefined {
  const found = project.index.manifestFiles
    .filter((file) => /\.ya?ml$/.test(file) && !isForWork(file))
    .flatMap((file) => documentsOf(file, project, /^\s*["']?kind["']?\s*:\s*["']?ConfigMap\b/m))
    .filter(
      (of) =>
        textOf(fieldOf(of.top, "kind", of)) === "ConfigMap" &&
        textOf(fieldAt(of.top, ["metadata", "name"], of)) === name,
    );
  const [of, ...more] = found;
  const field = of && more.length === 0 ? fieldAt(of.top, ["data", key], of) : undefined;
  const document = documentIn(textOf(field) ?? "");
  return of && field && document ? { document, of, at: field.keyAt } : undefined;
}

/** Why nothing answers: the extension is not enabled, or listens where the kubelet does not reach it. */
function failureOf(of: YamlDocument, image: string): "off" | "localhost" | undefined {
  const service = fieldOf(of.top, "service", of);
  if (!service || !fieldOf(service.value, "pipelines", of)) return undefined;
  const enabled = itemsOf(fieldOf(service.value, "extensions", of), of).map((e): unknown => e?.toJSON());
  const name = enabled.find((e) => typeof e === "string" && /^health_?check/.test(e));
  if (typeof name !== "string") return enabled.every((e) => typeof e === "string") ? "off" : undefined;
  // the second version has more forms
  if (!/^health_check(\/|$)/.test(name)) return undefined;
  const settings = fieldAt(of.top, ["extensions", name], of);
  const endpoint = settings && scalarOf(fieldOf(settings.value, "endpoint", of));
  if (endpoint !== undefined)
    return /^(localhost|127\.0\.0\.1|\[::1\]):/.test(String(endpoint)) ? "localhost" : undefined;
  const tag = /:v?(\d+\.\d+)[^/]*$/.exec(image)?.[1];
  return settings && asksFor(tag, localhostSince) === true ? "localhost" : undefined;
}
