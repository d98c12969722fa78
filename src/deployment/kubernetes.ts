import type * as Yaml from "yaml";
import { isForWork } from "./for-work.js";
import { baseOf } from "../program/index/paths.js";
import { isUnknownText } from "./helm/unknown.js";
import type { Project } from "../program/project.js";
import type { Span } from "../syntax/ir.js";
import { millisOfSleep } from "./durations.js";
import {
  documentsOf,
  entriesOf,
  fieldAt,
  fieldOf,
  isUnknown,
  itemsOf,
  partlyKnown,
  scalarOf,
  textOf,
  wordsOf,
  type Field,
  type YamlDocument,
} from "./documents.js";

/** A Deployment and its like, or a patch of one. */
export interface Workload {
  kind: string;
  name: string;
  of: YamlDocument;
  /** The pod's `spec`. */
  pod: Field;
  /** `terminationGracePeriodSeconds`; `millis` is undefined where it is no plain number. */
  grace: { millis: number | undefined; at: Span } | undefined;
  containers: PodContainer[];
  inits: PodContainer[];
}

/** A container of a pod. */
export interface PodContainer {
  name: string;
  image: string | undefined;
  map: Yaml.Node;
  /** From its name, or its first field, to the end of that line. */
  at: Span;
  /** `command` and `args`; undefined where there is none, or where it is no list of plain words. */
  command: Words | undefined;
  args: Words | undefined;
  /** How long `preStop` surely waits before the signal is sent. */
  preStop: number;
  env: ReadonlyMap<string, string | undefined>;
  /** More variables come from elsewhere (`envFrom`). */
  openEnv: boolean;
}

export interface Words {
  words: string[] | undefined;
  at: Span;
}

const podPaths: Readonly<Record<string, readonly string[]>> = {
  Pod: ["spec"],
  Deployment: ["spec", "template", "spec"],
  StatefulSet: ["spec", "template", "spec"],
  DaemonSet: ["spec", "template", "spec"],
  ReplicaSet: ["spec", "template", "spec"],
  ReplicationController: ["spec", "template", "spec"],
  Rollout: ["spec", "template", "spec"],
  Job: ["spec", "template", "spec"],
  CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
};

/** What a text must have that describes a pod. */
const mentions = /^\s*["']?kind["']?\s*:\s*["']?\w*(?:Pod|Deployment|Set|Controller|Rollout|Job|List)\b/m;

const known = new WeakMap<Project, Workload[]>();

/** Every workload in YAML and in Helm charts of a project. Manifests for work on it and for its tests are left out. */
export function workloadsOf(project: Project): Workload[] {
  let found = known.get(project);
  if (!found) {
    found = project.index.manifestFiles
      .filter((file) => /\.ya?ml$/.test(file) && !isForWork(file) && !project.index.isTest(file))
      .flatMap((file) => documentsOf(file, project, mentions).flatMap((of) => workloadsIn(of.top, of)));
    known.set(project, found);
  }
  return found;
}

function workloadsIn(top: Yaml.Node | null, of: YamlDocument): Workload[] {
  const kind = textOf(fieldOf(top, "kind", of)) ?? "";
  if (kind === "List") return itemsOf(fieldOf(top, "items", of), of).flatMap((item) => workloadsIn(item, of));
  const named = fieldAt(top, ["metadata", "name"], of);
  // a release gives a workload of a chart its name, and nothing is laid over it by that
  const name = isUnknown(named) ? `(${of.file} at ${String(named?.at[0])})` : textOf(named);
  const path = podPaths[kind];
  const pod = path && fieldOf(top, "apiVersion", of) ? fieldAt(top, path, of) : undefined;
  if (!pod || name === undefined) return [];
  const period = fieldOf(pod.value, "terminationGracePeriodSeconds", of);
  const seconds = scalarOf(period);
  const millis = typeof seconds === "number" && seconds >= 0 ? seconds * 1000 : undefined;
  return [
    {
      kind,
      name,
      of,
      pod,
      grace: period && { millis, at: period.at },
      containers: containersIn(fieldOf(pod.value, "containers", of), of),
      inits: containersIn(fieldOf(pod.value, "initContainers", of), of),
    },
  ];
}

function containersIn(field: Field | undefined, of: YamlDocument): PodContainer[] {
  return itemsOf(field, of).flatMap((map): PodContainer[] => {
    const [first] = entriesOf(map, of);
    if (!map || !first) return [];
    const named = fieldOf(map, "name", of);
    const env = fieldOf(map, "env", of);
    const variables = itemsOf(env, of).map((item): [string, string | undefined] => {
      const value = scalarOf(fieldOf(item, "value", of));
      return [textOf(fieldOf(item, "name", of)) ?? "", value === undefined ? undefined : String(value)];
    });
    return [
      {
        name: textOf(named) ?? "",
        image: imageIn(fieldOf(map, "image", of)),
        map,
        at: named?.at ?? first[1].at,
        command: wordsAt(fieldOf(map, "command", of), of),
        args: wordsAt(fieldOf(map, "args", of), of),
        preStop: preStopOf(map, of),
        env: new Map(variables),
        openEnv:
          fieldOf(map, "envFrom", of) !== undefined || isUnknown(env) || variables.some(([n]) => n === ""),
      },
    ];
  });
}

/** An image; what a template does not show of its tag or its registry is left out. */
function imageIn(field: Field | undefined): string | undefined {
  const text = partlyKnown(field);
  if (text === undefined || !isUnknownText(text)) return text;
  const cut = text.replace(/(?<=[^/]):[^/]*$/, (tag) => (isUnknownText(tag) ? "" : tag));
  return isUnknownText(baseOf(cut)) ? undefined : cut;
}

const wordsAt = (field: Field | undefined, of: YamlDocument): Words | undefined =>
  field && { words: wordsOf(field, of), at: field.at };

/** The wait of `lifecycle.preStop`, which is taken from the grace period. */
function preStopOf(map: Yaml.Node, of: YamlDocument): number {
  const hook = fieldAt(map, ["lifecycle", "preStop"], of);
  const seconds = scalarOf(fieldAt(hook?.value, ["sleep", "seconds"], of));
  if (typeof seconds === "number" && seconds > 0) return seconds * 1000;
  const words = wordsOf(fieldAt(hook?.value, ["exec", "command"], of), of);
  return (words && millisOfSleep(words.join(" "))) ?? 0;
}
