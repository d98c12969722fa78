import {
  documentIn,
  documentsOf,
  fieldAt,
  fieldOf,
  itemsOf,
  scalarOf,
  textOf,
  type Field,
  type YamlDocument,
} from "../deployment/documents.js";
import { isForWork } from "../deployment/for-work.js";
import type { PodContainer, Workload } from "../deployment/kubernetes.js";
import { asksFor } from "../facts/majors.js";
import { healthPort, localhostSince } from "../knowledge/collectors.js";
import { baseOf, dirOf } from "../program/index/paths.js";
import type { Project } from "../program/project.js";

/** The configuration of a collector: a text in a ConfigMap. */
export interface Configuration {
  document: YamlDocument;
  /** The ConfigMap, and the field in which it stands. */
  of: YamlDocument;
  field: Field;
}

/** The configuration that a collector is started with, where exactly one ConfigMap of the project holds it. */
export function configOf(
  collector: PodContainer,
  workload: Workload,
  project: Project,
): Configuration | undefined {
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
  return of && field && document ? { document, of, field } : undefined;
}

/** Why nothing answers: the extension is not enabled, or listens where the kubelet does not reach it. */
export function failureOf(of: YamlDocument, image: string): "off" | "localhost" | undefined {
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

/** The path that the `health_check` extension answers on the usual port, to everybody; undefined where it does not, or may not. */
export function healthPathOf(of: YamlDocument, image: string): string | undefined {
  if (failureOf(of, image) !== undefined || !fieldAt(of.top, ["service", "pipelines"], of)) return undefined;
  const enabled = itemsOf(fieldAt(of.top, ["service", "extensions"], of), of).map((e): unknown =>
    e?.toJSON(),
  );
  const name = enabled.find((e) => typeof e === "string" && /^health_check(\/|$)/.test(e));
  const settings = typeof name === "string" ? fieldAt(of.top, ["extensions", name], of)?.value : undefined;
  const endpoint = textOf(fieldOf(settings, "endpoint", of));
  if (
    endpoint === undefined ||
    !new RegExp(`^(0\\.0\\.0\\.0|\\[::\\])?:${String(healthPort)}$`).test(endpoint)
  )
    return undefined;
  // what is asked by TLS is answered by nothing else
  if (fieldOf(settings, "tls", of)) return undefined;
  const path = fieldOf(settings, "path", of);
  return path ? textOf(path) : "/";
}
