import type * as Yaml from "yaml";
import { baseOf, dirOf, isInside, joinPath } from "../program/index/paths.js";
import type { Project } from "../program/project.js";
import type { Span } from "../syntax/ir.js";
import {
  documentsOf,
  entriesOf,
  fieldOf,
  itemsOf,
  scalarOf,
  textOf,
  type Field,
  type YamlDocument,
} from "./documents.js";
import { millisOfDuration } from "./durations.js";
import { isForWork } from "./for-work.js";

/** A service of a compose file. */
export interface Service {
  name: string;
  of: YamlDocument;
  map: Yaml.Node;
  /** Its name, as the key of its mapping. */
  at: Span;
  /** Folder and Dockerfile that it is built from, relative to the root of the project. */
  build: { context: string; dockerfile: string } | undefined;
  image: string | undefined;
  /** `stop_grace_period`; `millis` is undefined where it cannot be read. */
  grace: { millis: number | undefined; at: Span } | undefined;
  /** Fields may come from elsewhere: `extends`, or another compose file that is laid over this one. */
  open: boolean;
  /** `stop_signal`. */
  signal: string | undefined;
  env: ReadonlyMap<string, string | undefined>;
  /** More variables come from elsewhere (`env_file`). */
  openEnv: boolean;
}

/** How compose files are called. */
export const composeName = /compose[\w.-]*\.ya?ml$/;

const known = new WeakMap<Project, Service[]>();

/** Every service of the compose files of a project, but those for work on it. */
export function composeServicesOf(project: Project): Service[] {
  let found = known.get(project);
  if (!found) {
    found = project.index.manifestFiles
      .filter((file) => composeName.test(baseOf(file)) && !isForWork(file) && !project.index.isTest(file))
      .flatMap((file) => servicesIn(file, project));
    known.set(project, found);
  }
  return found;
}

function servicesIn(file: string, project: Project): Service[] {
  const [of] = documentsOf(file, project, /^["']?services["']?:/m);
  if (!of) return [];
  return entriesOf(fieldOf(of.top, "services", of)?.value, of).flatMap(([name, field]): Service[] => {
    const map = field.value;
    if (!map || entriesOf(map, of).length === 0 || isWorkedOn(map, of, project)) return [];
    const period = fieldOf(map, "stop_grace_period", of);
    return [
      {
        name,
        of,
        map,
        at: field.keyAt,
        build: buildOf(fieldOf(map, "build", of), of),
        image: textOf(fieldOf(map, "image", of)),
        grace: period && { millis: millisOfDuration(scalarOf(period)), at: period.at },
        open: fieldOf(map, "extends", of) !== undefined || isOverridden(file, project),
        signal: textOf(fieldOf(map, "stop_signal", of)),
        env: variablesOf(fieldOf(map, "environment", of), of),
        openEnv: fieldOf(map, "env_file", of) !== undefined,
      },
    ];
  });
}

function buildOf(field: Field | undefined, of: YamlDocument): Service["build"] {
  if (!field || (textOf(field) === undefined && entriesOf(field.value, of).length === 0)) return undefined;
  const context = joinPath(
    dirOf(of.file),
    textOf(field) ?? textOf(fieldOf(field.value, "context", of)) ?? ".",
  );
  if (context === undefined) return undefined;
  const dockerfile = joinPath(context, textOf(fieldOf(field.value, "dockerfile", of)) ?? "Dockerfile");
  return dockerfile === undefined ? undefined : { context, dockerfile };
}

/** `environment` as a mapping or a list. */
function variablesOf(field: Field | undefined, of: YamlDocument): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const [name, value] of entriesOf(field?.value, of)) {
    const given = scalarOf(value);
    found.set(name, given === undefined ? undefined : String(given));
  }
  for (const item of itemsOf(field, of)) {
    const line: unknown = item?.toJSON();
    const [, name, value] = (typeof line === "string" && /^(\w+)(?:=([^]*))?$/.exec(line)) || [];
    if (name !== undefined) found.set(name, value);
  }
  return found;
}

const overrides = ["override", "prod", "production", "staging", "deploy"];

/** A second file that is laid over the first gives periods of its own. */
const isOverridden = (file: string, project: Project): boolean =>
  overrides.some((word) =>
    ["yaml", "yml"].some((ending) =>
      project.index.read(file.replace(/ya?ml$/, `${word}.${ending}`))?.includes("stop_grace_period"),
    ),
  );

/** Somebody works on the sources: no container that anything is lost with. */
const work = /\b(dev|watch|nodemon|test|debug|turbo|concurrently)\b/;

/** Its sources are mounted into it, or its command or its variables are those of somebody who works on them. */
function isWorkedOn(map: Yaml.Node, of: YamlDocument, project: Project): boolean {
  const target = textOf(fieldOf(fieldOf(map, "build", of)?.value, "target", of));
  const said = ["command", "entrypoint"].map((name) => {
    const field = fieldOf(map, name, of);
    return field && of.text.slice(...field.at);
  });
  if (work.test([...said, target].join(" "))) return true;
  if (/^(dev|test)/.test(variablesOf(fieldOf(map, "environment", of), of).get("NODE_ENV") ?? "")) return true;
  return itemsOf(fieldOf(map, "volumes", of), of).some((volume) => {
    const text: unknown = volume?.toJSON();
    const source = typeof text === "string" ? text.split(":")[0] : textOf(fieldOf(volume, "source", of));
    const folder = source?.startsWith(".") ? joinPath(dirOf(of.file), source) : undefined;
    return folder !== undefined && project.index.sources.some((file) => isInside(file, folder));
  });
}
