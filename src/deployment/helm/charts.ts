import { baseOf, dirOf } from "../../program/index/paths.js";
import type { Project } from "../../program/project.js";
import { isForWork } from "../for-work.js";
import { render } from "./render.js";
import { common, fieldIn, laidOver, none, scalar, unknown, valuesIn, type Value } from "./values.js";
import type { Rendered } from "./writer.js";

const longest = 300_000;

interface Known {
  /** What `.` is in the templates of a chart, by its folder; undefined where there is no chart. */
  roots: Map<string, Value | undefined>;
  templates: Map<string, Rendered | undefined>;
}

const known = new WeakMap<Project, Known>();

/** A template of a Helm chart with its values put in; undefined for any other file, and where it cannot be read. */
export function renderedTemplate(file: string, project: Project): Rendered | undefined {
  const dir = chartDirOf(file);
  if (dir === undefined) return undefined;
  let of = known.get(project);
  if (!of) known.set(project, (of = { roots: new Map(), templates: new Map() }));
  if (of.templates.has(file)) return of.templates.get(file);
  if (!of.roots.has(dir)) of.roots.set(dir, rootOf(dir, project));
  const root = of.roots.get(dir);
  const text = project.index.read(file);
  const isTemplate =
    root !== undefined && text !== undefined && text.length <= longest && text.includes("{{");
  const rendered = isTemplate ? render(file, text, root) : undefined;
  of.templates.set(file, rendered);
  return rendered;
}

/** `charts/orders` of `charts/orders/templates/deployment.yaml`. */
function chartDirOf(file: string): string | undefined {
  const m = /^(?:(.*)\/)?templates\/[^]*\.ya?ml$/.exec(file);
  return m ? (m[1] ?? "") : undefined;
}

const inDir = (dir: string, name: string): string => (dir === "" ? name : `${dir}/${name}`);

function rootOf(dir: string, project: Project): Value | undefined {
  const file = inDir(dir, "Chart.yaml");
  const text = project.index.manifestFiles.includes(file) ? project.index.read(file) : undefined;
  const chart = text === undefined ? undefined : valuesIn(file, text);
  if (!chart) return undefined;
  const name = fieldIn(chart, "name");
  const own = valuesOf(dir, name, project);
  if (!own) return undefined;
  const fields = new Map<string, Value>([
    ["Values", own],
    [
      "Chart",
      map({
        Name: said(name),
        Version: said(fieldIn(chart, "version")),
        AppVersion: said(fieldIn(chart, "appVersion")),
      }),
    ],
    ["Release", map({ Name: unknown, Namespace: unknown, Revision: unknown, Service: scalar("Helm") })],
    ...["Capabilities", "Files", "Template", "Subcharts"].map((n) => [n, unknown] as [string, Value]),
  ]);
  return { k: "map", fields, origin: undefined, raw: undefined };
}

/** What the chart says of itself is reported where it is used. */
const said = (value: Value): Value => (value.k === "scalar" ? scalar(value.value) : value);

const map = (fields: Record<string, Value>): Value => ({
  k: "map",
  fields: new Map(Object.entries(fields)),
  origin: undefined,
  raw: undefined,
});

/** The values of a chart that hold wherever it is installed: in every file of values beside its own, and under the chart around it. */
function valuesOf(dir: string, name: Value, project: Project): Value | undefined {
  const base =
    fileOf(inDir(dir, "values.yaml"), project) ?? fileOf(inDir(dir, "values.yml"), project) ?? map({});
  const over = [...overlaysIn(dir, project), ...overlaysIn(dirOf(dir), project)];
  if (over.some((value) => value === undefined)) return undefined;
  const variants = over.flatMap((value) => (value ? [laidOver(base, value)] : []));
  const around = /^(.*)\/charts\/[^/]+$/.exec(dir)?.[1];
  if (around === undefined) return common([base, ...variants]);
  const parents = [fileOf(inDir(around, "values.yaml"), project), ...overlaysIn(around, project)].flatMap(
    (value) => (value ? [fieldIn(value, name.k === "scalar" ? String(name.value) : baseOf(dir))] : []),
  );
  const all = common([base, ...variants, ...parents.filter((v) => v !== none).map((v) => laidOver(base, v))]);
  // what is global comes from any chart around it
  return laidOver(all, map({ global: unknown }));
}

const fileOf = (file: string, project: Project): Value | undefined => {
  const text = project.index.manifestFiles.includes(file) ? project.index.read(file) : undefined;
  return text === undefined ? undefined : valuesIn(file, text);
};

/** `values-prod.yaml`, `values.production.yaml`, `prod.values.yaml`; undefined for one that cannot be read. */
function overlaysIn(dir: string, project: Project): (Value | undefined)[] {
  return project.index.manifestFiles
    .filter((file) => dirOf(file) === dir && isOverlay(baseOf(file)) && !isForWork(baseOf(file)))
    .map((file) => fileOf(file, project));
}

const isOverlay = (name: string): boolean => /^(?:values[._-][\w.-]+|[\w.-]+[._-]values)\.ya?ml$/.test(name);
