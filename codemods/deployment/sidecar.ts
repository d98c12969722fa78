import {
  entriesOf,
  fieldAt,
  fieldOf,
  itemsOf,
  scalarOf,
  type YamlDocument,
} from "../../src/deployment/documents.js";
import { workloadsOf, type PodContainer, type Workload } from "../../src/deployment/kubernetes.js";
import type { Repair } from "../../src/finding.js";
import { healthPort } from "../../src/knowledge/collectors.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import { configOf, healthPathOf } from "../../src/startup/configurations.js";

/** Where OTLP is received. */
const otlpPorts = [4317, 4318];

/**
 * Makes a collector a native sidecar: an init container that goes on running, and that the others wait for. None is offered where the
 * manifest shows neither a startup probe nor a port that tells when it is ready.
 */
export function nativeSidecar({ fn, at }: ChainBreak, project: Project): Repair | undefined {
  for (const workload of workloadsOf(project)) {
    const { of, pod, containers } = workload;
    const collector = of.file === fn.module.file ? containers.find((c) => c.at[0] === at[0]) : undefined;
    if (!collector) continue;
    const moved = itemOf(collector, of);
    const list = fieldOf(pod.value, "containers", of);
    const health = healthOf(collector, workload, project);
    const probe = moved && probeOf(collector, of, moved.indent, health);
    if (!moved || !list || probe === undefined || !/^[ \t]*$/.test(lineBefore(of.text, list.at[0])))
      return undefined;
    const block = `${moved.text}${moved.indent}restartPolicy: Always${moved.eol}${probe.join("")}`;
    const existing = fieldOf(pod.value, "initContainers", of);
    const target = existing ? afterItems(existing.at[1], of.text) : of.text.lastIndexOf("\n", list.at[0]) + 1;
    const head = existing ? "" : `${lineBefore(of.text, list.at[0])}initContainers:${moved.eol}`;
    const last = existing && itemsOf(existing, of).at(-1);
    // lists of other depths are not mixed
    if (existing && (!last || columnOf(of.text, last.range?.[0] ?? 0) !== moved.indent.length))
      return undefined;
    const title = "Start the collector before the program";
    if (itemsOf(list, of).length === 1) {
      // a patch that an empty list would be left of, which takes out all others
      const { start, end } = { start: list.keyAt[0], end: list.keyAt[1] };
      if (existing || of.text.slice(start, end) !== "containers") return undefined;
      const added = block.slice(moved.text.length);
      const gap = of.text.slice(0, moved.end).endsWith("\n") ? "" : moved.eol;
      return {
        level: "review",
        title,
        edits: [
          { file: of.file, start, end, text: "initContainers" },
          { file: of.file, start: moved.end, end: moved.end, text: `${gap}${added}` },
        ],
      };
    }
    return {
      level: "review",
      title,
      edits: [
        { file: of.file, start: target, end: target, text: `${head}${block}` },
        { file: of.file, start: moved.start, end: moved.end, text: "" },
      ],
    };
  }
  return undefined;
}

const lineBefore = (text: string, at: number): string => text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
const columnOf = (text: string, at: number): number => lineBefore(text, at).length;

/** Behind the line in which an offset stands. */
function afterItems(at: number, text: string): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

/** The lines of a container in a block list. */
function itemOf(
  { map }: PodContainer,
  of: YamlDocument,
): { start: number; end: number; text: string; indent: string; eol: string } | undefined {
  const { text } = of;
  const fields = entriesOf(map, of);
  const begin = map.range?.[0];
  const last = Math.max(...fields.map(([, field]) => field.at[1]));
  if (begin === undefined || !/^ *- +$/.test(lineBefore(text, begin))) return undefined;
  const start = text.lastIndexOf("\n", begin) + 1;
  const end = afterItems(last, text);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const own = text.slice(start, end);
  return {
    start,
    end,
    text: own.endsWith("\n") ? own : `${own}${eol}`,
    indent: " ".repeat(columnOf(text, begin)),
    eol,
  };
}

/** The lines that tell when it is ready; none where it has them, undefined where nothing is known of it. */
function probeOf(
  { map }: PodContainer,
  of: YamlDocument,
  indent: string,
  health: string | undefined,
): string[] | undefined {
  if (fieldOf(map, "startupProbe", of)) return [];
  const eol = of.text.includes("\r\n") ? "\r\n" : "\n";
  const asked = askedPort(map, of);
  const port = itemsOf(fieldOf(map, "ports", of), of)
    .map((item) => scalarOf(fieldOf(item, "containerPort", of)))
    .find((given) => typeof given === "number" && otlpPorts.includes(given));
  const answered =
    health === undefined ? undefined : ["httpGet:", `  path: ${health}`, `  port: ${String(healthPort)}`];
  const question =
    asked ?? answered ?? (port === undefined ? undefined : ["tcpSocket:", `  port: ${String(port)}`]);
  return question && ["startupProbe:", ...question.map((l) => `  ${l}`)].map((l) => `${indent}${l}${eol}`);
}

/** Where its configuration, in a ConfigMap of the project, answers who asks for its health. */
function healthOf(collector: PodContainer, workload: Workload, project: Project): string | undefined {
  const { image } = collector;
  const config = image === undefined ? undefined : configOf(collector, workload, project);
  const path = config && image !== undefined ? healthPathOf(config.document, image) : undefined;
  return path !== undefined && /^\/[\w/-]*$/.test(path) ? path : undefined;
}

/** What a readiness or liveness probe asks, so that a startup probe can ask the same. */
function askedPort(map: PodContainer["map"], of: YamlDocument): string[] | undefined {
  for (const probe of ["readinessProbe", "livenessProbe"]) {
    for (const way of ["httpGet", "tcpSocket"]) {
      const field = fieldAt(map, [probe, way], of);
      const port = field && scalarOf(fieldOf(field.value, "port", of));
      const path = field && scalarOf(fieldOf(field.value, "path", of));
      if (!field || port === undefined || entriesOf(field.value, of).length > (path === undefined ? 1 : 2))
        continue;
      const lines = [`  port: ${String(port)}`];
      return [`${way}:`, ...(path === undefined ? [] : [`  path: ${String(path)}`]), ...lines];
    }
  }
  return undefined;
}
