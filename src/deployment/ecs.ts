import type * as Yaml from "yaml";
import { baseOf } from "../program/index/paths.js";
import type { Project } from "../program/project.js";
import type { Span } from "../syntax/ir.js";
import {
  documentsOf,
  fieldOf,
  itemsOf,
  scalarOf,
  textOf,
  wordsOf,
  type Field,
  type YamlDocument,
} from "./documents.js";
import { isForWork } from "./for-work.js";
import { dockerfilesOf } from "./images.js";
import type { PodContainer } from "./kubernetes.js";
import { dockerfilesOfImage } from "./links.js";

/** A container of a task definition of Amazon ECS, in JSON. */
export interface TaskContainer extends Pick<
  PodContainer,
  "image" | "command" | "args" | "at" | "env" | "openEnv"
> {
  name: string;
  of: YamlDocument;
  map: Yaml.Node;
  /** `stopTimeout`; `millis` is undefined where it is no plain number. */
  timeout: { millis: number | undefined; at: Span } | undefined;
  /** Fargate is asked for, where the time is 30 seconds unless the definition says otherwise. */
  fargate: boolean;
  /** Where `NODE_OPTIONS` is set. */
  options: { value: string; at: Span } | undefined;
  /** The Dockerfiles that its image may be built from. */
  builtFrom: string[];
}

/** How task definitions are called. */
export const taskName = /^(?:[\w.-]*task[-_.]?def[\w.-]*|[\w.-]*ecs[\w.-]*)\.json$/i;

const known = new WeakMap<Project, TaskContainer[]>();

/** The containers of every task definition of a project, but those for work on it. */
export function taskContainersOf(project: Project): TaskContainer[] {
  let found = known.get(project);
  if (!found) {
    found = project.index.manifestFiles
      .filter((file) => taskName.test(baseOf(file)) && !isForWork(file) && !project.index.isTest(file))
      .flatMap((file) =>
        documentsOf(file, project, /"containerDefinitions"/).flatMap((of) => containersIn(of, project)),
      );
    known.set(project, found);
  }
  return found;
}

function containersIn(of: YamlDocument, project: Project): TaskContainer[] {
  const fargate = (wordsOf(fieldOf(of.top, "requiresCompatibilities", of), of) ?? []).includes("FARGATE");
  return itemsOf(fieldOf(of.top, "containerDefinitions", of), of).flatMap((map): TaskContainer[] => {
    const named = fieldOf(map, "name", of);
    const name = textOf(named);
    if (!map || !named || name === undefined) return [];
    const image = textOf(fieldOf(map, "image", of));
    const timeout = fieldOf(map, "stopTimeout", of);
    const seconds = scalarOf(timeout);
    const variables = itemsOf(fieldOf(map, "environment", of), of).flatMap((item) => {
      const key = textOf(fieldOf(item, "name", of));
      const value = fieldOf(item, "value", of);
      return key === undefined ? [] : [{ key, value: textOf(value), at: value?.at ?? named.at }];
    });
    const options = variables.find(({ key, value }) => key === "NODE_OPTIONS" && value !== undefined);
    return [
      {
        name,
        of,
        map,
        at: named.at,
        image,
        command: wordsAt(fieldOf(map, "entryPoint", of), of),
        args: wordsAt(fieldOf(map, "command", of), of),
        timeout: timeout && {
          millis: typeof seconds === "number" && seconds > 0 ? seconds * 1000 : undefined,
          at: timeout.at,
        },
        fargate,
        options: options && { value: options.value ?? "", at: options.at },
        env: new Map(variables.map(({ key, value }) => [key, value])),
        openEnv: ["secrets", "environmentFiles"].some((field) => fieldOf(map, field, of) !== undefined),
        builtFrom: builtFrom(image, of, project),
      },
    ];
  });
}

const wordsAt = (field: Field | undefined, of: YamlDocument): PodContainer["command"] =>
  field && { words: wordsOf(field, of), at: field.at };

/** Something puts the name in when it deploys: `<IMAGE1_NAME>`, `${IMAGE}`, `PLACEHOLDER`, or nothing at all. */
const placeholder = /^$|[<>${}]|^_|placeholder/i;

/** An image without a name of its own is the project's, where the project builds only one, and the definition has only one such. */
function builtFrom(image: string | undefined, of: YamlDocument, project: Project): string[] {
  if (image !== undefined && !placeholder.test(image)) return dockerfilesOfImage(image, project);
  // `<account>.dkr.ecr.<region>.amazonaws.com/orders:<tag>`
  const own = image
    ?.split("/")
    .at(-1)
    ?.replace(/:[^:]*$/, "");
  if (own !== undefined && image?.includes("/") && /^[\w.-]+$/.test(own))
    return dockerfilesOfImage(own, project);
  const nameless = itemsOf(fieldOf(of.top, "containerDefinitions", of), of).filter((map) =>
    placeholder.test(textOf(fieldOf(map, "image", of)) ?? ""),
  );
  const all = dockerfilesOf(project);
  return all.length === 1 && nameless.length === 1 ? [...all] : [];
}
