import type * as Yaml from "yaml";
import { splitCommands } from "../program/index/entries/shell-words.js";
import { baseOf, dirOf, joinPath } from "../program/index/paths.js";
import type { Project } from "../program/project.js";
import { documentsOf, entriesOf, fieldAt, fieldOf, itemsOf, textOf, type YamlDocument } from "./documents.js";

/** An image that a workflow, a script or skaffold builds, by the name that it gives. */
export interface Build {
  /** As written: it may have variables in it. */
  image: string;
  /** Dockerfiles that it may be built from: relative to the root, or to the file that says so. */
  dockerfiles: string[];
}

const known = new WeakMap<Project, Build[]>();

/** Every build of an image that the files of a project spell out. */
export function buildsOf(project: Project): Build[] {
  let found = known.get(project);
  if (!found) {
    found = project.index.manifestFiles.flatMap((file) => buildsIn(file, project));
    known.set(project, found);
  }
  return found;
}

const longest = 200_000;
const isWorkflow = (file: string): boolean => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(file);
const scripts = /(^|\/)(Makefile|package\.json|\.gitlab-ci\.ya?ml|[\w.-]+\.sh)$/;

function buildsIn(file: string, project: Project): Build[] {
  const isSkaffold = /^skaffold[\w.-]*\.ya?ml$/.test(baseOf(file));
  if (!isWorkflow(file) && !isSkaffold && !scripts.test(file)) return [];
  const text = project.index.read(file);
  if (text === undefined || text.length > longest) return [];
  const dir = isWorkflow(file) ? "" : dirOf(file);
  if (isSkaffold) return documentsOf(file, project, /\bartifacts\b/).flatMap((of) => ofSkaffold(of, dir));
  const actions = isWorkflow(file)
    ? documentsOf(file, project, /docker\/build-push-action/, true).flatMap((of) => ofWorkflow(of))
    : [];
  return [...actions, ...ofCommands(text, dir)];
}

/** The Dockerfile of a folder that is built, seen from the root and from the file that says so. */
function built(image: string, context: string, dockerfile: string | undefined, dir: string): Build {
  const named = dockerfile ?? `${context}/Dockerfile`;
  return { image, dockerfiles: [...new Set([dir, ""])].flatMap((from) => joinPath(from, named) ?? []) };
}

/** https://skaffold.dev/docs/references/yaml/#build-artifacts: the Dockerfile lies in the context. */
const ofSkaffold = (of: YamlDocument, dir: string): Build[] =>
  itemsOf(fieldAt(of.top, ["build", "artifacts"], of), of).flatMap((artifact) => {
    const image = textOf(fieldOf(artifact, "image", of));
    const context = textOf(fieldOf(artifact, "context", of)) ?? ".";
    const dockerfile = textOf(fieldAt(artifact, ["docker", "dockerfile"], of)) ?? "Dockerfile";
    return image === undefined ? [] : built(image, context, `${context}/${dockerfile}`, dir);
  });

/** https://github.com/docker/build-push-action#inputs: `file` is seen from the root. */
function ofWorkflow(of: YamlDocument): Build[] {
  const workflow = variablesOf(of.top, of);
  return entriesOf(fieldOf(of.top, "jobs", of)?.value, of).flatMap(([, { value: job }]) => {
    const variables = new Map([...workflow, ...variablesOf(job, of)]);
    const filled = (text: string): string =>
      text.replace(/\$\{\{\s*env\.(\w+)\s*\}\}/g, (all, name: string) => variables.get(name) ?? all);
    const steps = itemsOf(fieldOf(job, "steps", of), of);
    const given = (step: Yaml.Node | null, name: string): string | undefined => {
      const text = textOf(fieldAt(step, ["with", name], of));
      return text === undefined ? undefined : filled(text);
    };
    const uses = (step: Yaml.Node | null): string => textOf(fieldOf(step, "uses", of)) ?? "";
    return steps.flatMap((step) => {
      if (!uses(step).startsWith("docker/build-push-action@")) return [];
      const tags = given(step, "tags") ?? "";
      const id = /^\s*\$\{\{\s*steps\.([\w-]+)\.outputs\.tags\s*\}\}\s*$/.exec(tags)?.[1];
      const meta = steps.find((s) => id !== undefined && textOf(fieldOf(s, "id", of)) === id);
      const names = meta ? (given(meta, "images") ?? "") : tags;
      const context = given(step, "context") ?? ".";
      const file = given(step, "file");
      if (/\$/.test(`${context} ${file ?? ""}`)) return [];
      return names
        .split(/[\n,]/)
        .flatMap((name) => (name.trim() ? built(name.trim(), context, file, "") : []));
    });
  });
}

const variablesOf = (map: Yaml.Node | null, of: YamlDocument): [string, string][] =>
  entriesOf(fieldOf(map, "env", of)?.value, of).flatMap(([name, field]) => {
    const value = textOf(field);
    return value === undefined ? [] : [[name, value] as [string, string]];
  });

/** `docker build -t orders -f orders.Dockerfile .` */
function ofCommands(text: string, dir: string): Build[] {
  return [...text.matchAll(/\bdocker\s+(?:buildx\s+)?build\s((?:[^\n\\"]|\\[^]|"[^"\n]*")*)/g)].flatMap(
    (m) => {
      const [words] = splitCommands(
        (m[1] ?? "").replace(/\\\r?\n/g, " ").replace(/\$[({][^)}]*[)}]+/g, "$X"),
      );
      const images: string[] = [];
      let file: string | undefined;
      let context: string | undefined;
      const rest = [...(words ?? [])];
      for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
        const [option = "", value] = word.startsWith("--") ? word.split(/=(.*)/) : [word];
        if (option === "-t" || option === "--tag") images.push(value ?? rest.shift() ?? "");
        else if (option === "-f" || option === "--file") file = value ?? rest.shift();
        else if (valued.has(option) && value === undefined) rest.shift();
        else if (!word.startsWith("-")) context = word;
      }
      if (context === undefined || /\$/.test(`${context} ${file ?? ""}`)) return [];
      const folder = context;
      return images.map((image) => built(image, folder, file, dir));
    },
  );
}

const valued = new Set([
  "--build-arg",
  "--platform",
  "--target",
  "--cache-from",
  "--cache-to",
  "--label",
  "-o",
  "--output",
  "--secret",
  "--ssh",
  "--builder",
  "--network",
  "--progress",
  "--build-context",
]);
