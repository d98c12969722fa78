import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import { baseOf, dirOf, joinPath } from "../program/index/paths.js";
import { renderedTemplate } from "../deployment/helm/charts.js";
import { isUnknownText } from "../deployment/helm/unknown.js";
import { manifestPlace } from "../program/manifest-place.js";
import type { Project } from "../program/project.js";
import { isRenderedFrom } from "../program/rendered.js";
import type { Run } from "../program/program.js";
import type { Fn, Span } from "../syntax/ir.js";
import { environmentFilesOf } from "./environment-files.js";
import { putsOf } from "../chain/walk.js";

/** A variable that is set for programs which start OpenTelemetry. */
export interface Variable {
  name: string;
  value: string;
  /** Where the name and the value are written. */
  fn: Fn;
  nameAt: Span;
  valueAt: Span;
  runs: readonly Run[];
  /** Other variables may stand beside it that a template does not show. */
  open?: boolean;
}

const require = createRequire(import.meta.url);
const longest = 300_000;
const said = /\bOTEL_[A-Z]/;
const known = new WeakMap<Project, Variable[]>();

/** The variables of OpenTelemetry that code and manifests of a project set for its programs. */
export function variablesOf(project: Project): readonly Variable[] {
  let found = known.get(project);
  if (!found) {
    const runs = project.runs().filter((run) => startsOpenTelemetry(run));
    found =
      runs.length === 0
        ? []
        : [...inManifests(runs, project), ...inFiles(runs, project), ...inCode(runs, project)];
    known.set(project, found);
  }
  return found;
}

const startsOpenTelemetry = (run: Run): boolean =>
  [...run.started.keys(), ...run.preloaded].some((vendor) => vendor.name === "OpenTelemetry");

const dirOfRun = (run: Run, project: Project): string | undefined =>
  project.index.packageOf(run.entry.file)?.dir;

function inManifests(runs: readonly Run[], project: Project): Variable[] {
  const { index } = project;
  return index.manifestFiles.flatMap((file): Variable[] => {
    const kind = kindOf(baseOf(file));
    if (kind === undefined || index.isTest(file)) return [];
    const written = index.read(file);
    if (written === undefined || written.length > longest) return [];
    const rendered = written.includes("{{") ? renderedTemplate(file, project) : undefined;
    const text = rendered?.text ?? written;
    if (!said.test(text)) return [];
    const within = runs.filter((run) => dirOfRun(run, project) === dirOf(file));
    switch (kind) {
      case "package":
        return within.length > 0 ? settingsIn(file, text, [0, text.length], within) : [];
      case "dockerfile":
        return within.length > 0 ? settingsIn(file, text, lastStage(text), within) : [];
      case "yaml":
        return inYaml(file, text, runs, project).map((variable) => {
          if (rendered) isRenderedFrom(variable.fn, rendered);
          return variable;
        });
    }
  });
}

/** `NAME=value` of files that programs are given. */
const inFiles = (runs: readonly Run[], project: Project): Variable[] =>
  environmentFilesOf(runs, project).flatMap(({ file, runs: own }) => {
    const text = project.index.read(file);
    if (text === undefined || text.length > longest || !said.test(text)) return [];
    return settingsIn(file, text, [0, text.length], own);
  });

type Kind = "package" | "dockerfile" | "yaml";

function kindOf(name: string): Kind | undefined {
  if (name === "package.json") return "package";
  if (/^(?:Dockerfile|Containerfile)|\.dockerfile$/i.test(name)) return "dockerfile";
  return /\.ya?ml$/.test(name) ? "yaml" : undefined;
}

function lastStage(text: string): Span {
  const at = [...text.matchAll(/^FROM\s/gim)].at(-1)?.index ?? 0;
  return [at, text.length];
}

/** `NAME=value`, `NAME: value`, and `name: NAME` with `value:` in the next line. */
const SETTING =
  /(?<![\w$.{])(OTEL_[A-Z0-9_]+)(?:["']?[ \t]*[=:][ \t]*|["']?[ \t]*\r?\n[ \t]*value:[ \t]*|[ \t]+(?=\S+[ \t]*\r?$))("[^"\n]*"|'[^'\n]*'|[^\s"',;\\]+)/gm;

function settingsIn(file: string, text: string, [start, end]: Span, runs: readonly Run[]): Variable[] {
  const fn = manifestPlace(file, text);
  return [...text.slice(start, end).matchAll(SETTING)].flatMap((m): Variable[] => {
    const [all, name = "", written = ""] = m;
    const at = start + m.index;
    const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
    if (/^\s*(#|\/\/)/.test(line) || /\bARG\s+$/i.test(line)) return [];
    const from = at + all.length - written.length;
    // nothing is set where a comment follows
    if (isUnknownText(written) || written.startsWith("#")) return [];
    const quoted = /^["']/.test(written);
    const value = quoted ? written.slice(1, -1) : written;
    return [
      {
        name,
        value,
        fn,
        nameAt: [at, at + name.length],
        valueAt: quoted ? [from + 1, from + written.length - 1] : [from, from + written.length],
        runs,
      },
    ];
  });
}

/** The services of a compose file that are built from the package of a program, and containers of Kubernetes that run Node. */
function inYaml(file: string, text: string, runs: readonly Run[], project: Project): Variable[] {
  // the braces of a template are no YAML
  if (/\{\{/.test(text)) return [];
  const { parseAllDocuments, isMap, isSeq } = require("yaml") as typeof Yaml;
  const found: Variable[] = [];
  const take = (node: Yaml.YAMLMap, own: readonly Run[]): void => {
    if (own.length === 0 || !node.range) return;
    const at: Span = [node.range[0], node.range[1]];
    const open = isUnknownText(text.slice(...at));
    found.push(...settingsIn(file, text, at, own).map((variable) => ({ ...variable, open })));
  };
  const containers = (node: unknown): void => {
    if (isSeq(node)) node.items.forEach(containers);
    if (!isMap(node)) return;
    if (node.has("image") && isSeq(node.get("env"))) {
      if (runsNode(node.toJSON() as Record<string, unknown>)) take(node, runs);
      return;
    }
    for (const { value } of node.items) containers(value);
  };
  const documents = parseAllDocuments(text, { uniqueKeys: false, logLevel: "silent" });
  for (const document of Array.isArray(documents) ? documents : []) {
    if (document.errors.length > 0 || !isMap(document.contents)) continue;
    const services = document.contents.get("services");
    if (!isMap(services)) {
      if (document.contents.has("kind")) containers(document.contents);
      continue;
    }
    for (const { value } of services.items) {
      if (!isMap(value)) continue;
      const { build } = value.toJSON() as Record<string, unknown>;
      take(
        value,
        runs.filter((run) => isBuiltFrom(build, dirOf(file), dirOfRun(run, project))),
      );
    }
  }
  return found;
}

type Fields = Record<string, unknown>;
const isObject = (v: unknown): v is Fields => typeof v === "object" && v !== null && !Array.isArray(v);

/** The context, or the folder of the Dockerfile in it, is the folder of a package. */
function isBuiltFrom(build: unknown, home: string, dir: string | undefined): boolean {
  if (build === undefined || dir === undefined) return false;
  const given = isObject(build) ? build : { context: build };
  const context = typeof given["context"] === "string" ? given["context"] : ".";
  const dockerfile = typeof given["dockerfile"] === "string" ? given["dockerfile"] : "Dockerfile";
  const from = joinPath(home, context);
  if (from === undefined) return false;
  return from === dir || dirOf(joinPath(from, dockerfile) ?? "") === dir;
}

/** Variables or commands of Node say what the container runs. */
function runsNode(container: Fields): boolean {
  const env = Array.isArray(container["env"]) ? container["env"].filter(isObject) : [];
  const words = JSON.stringify([container["command"] ?? "", container["args"] ?? ""]);
  return (
    env.some((e) => /^NODE_(ENV|OPTIONS)$/.test(String(e["name"]))) || /"(node|npm|pnpm|yarn)[ "]/.test(words)
  );
}

/** `process.env.NAME = "value"` in a file of a program. */
function inCode(runs: readonly Run[], project: Project): Variable[] {
  const files = new Set(runs.flatMap((run) => [...run.files]));
  return [...files].sort().flatMap((file): Variable[] => {
    if (project.index.isTest(file) || !/process\.env\b[^\n]*OTEL_/.test(project.index.read(file) ?? ""))
      return [];
    const module = project.module(file);
    if (!module) return [];
    return putsOf(module).flatMap(({ to, e, fn }): Variable[] => {
      const of = project.values.of(to.o, module);
      if (!of.some((v) => v.v === "global" && v.path === "process.env")) return [];
      if (!to.p?.startsWith("OTEL_") || e.k !== "lit" || typeof e.v !== "string") return [];
      const own = runs.filter((run) => run.files.has(file));
      const nameAt: Span = [to.at[1] - to.p.length, to.at[1]];
      return [{ name: to.p, value: e.v, fn, nameAt, valueAt: [e.at[0] + 1, e.at[1] - 1], runs: own }];
    });
  });
}
