import type { Project } from "../program/project.js";
import type { Service } from "./compose.js";
import { fieldOf, textOf, wordsOf, type YamlDocument } from "./documents.js";
import type { TaskContainer } from "./ecs.js";
import { foreignImage, imageOf, type Command, type Container, type ManifestSpan } from "./images.js";
import type { PodContainer, Workload } from "./kubernetes.js";
import { dockerfilesOfImage } from "./links.js";

/** The container of a compose service; `own`: the service says what it runs, not the image. */
export interface Described {
  container: Container;
  own: boolean;
}

/** The container that a compose service describes; none where its image cannot be known. */
export function containerOfService(service: Service, project: Project): Described | undefined {
  const { of, map } = service;
  const place: ManifestSpan = { fn: of.fn, at: service.at };
  const below = service.build
    ? imageOf(service.build.dockerfile, project, service.build.context)
    : service.image === undefined
      ? undefined
      : foreignImage(service.image, place, project);
  if (!below) return undefined;
  const [command, entrypoint] = ["command", "entrypoint"].map((name) => {
    const field = fieldOf(map, name, of);
    const line = textOf(field);
    // no shell form: compose splits it into words
    const words = line === undefined ? wordsOf(field, of) : split(line);
    return field && words ? { at: field.at, words } : undefined;
  });
  const written = command ?? entrypoint;
  if (!written) return { container: below, own: false };
  return {
    own: true,
    container: {
      ...below,
      place: { fn: of.fn, at: written.at },
      entrypoint: entrypoint ? { words: entrypoint.words } : below.entrypoint,
      command: command ? { words: command.words } : entrypoint ? undefined : below.command,
      signal: service.signal ?? below.signal,
    },
  };
}

/** Words as compose splits them: blanks, with quotes taken off. */
const split = (line: string): string[] =>
  [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? "");

/** The containers that a container of a pod may be: one for each Dockerfile that its image may be built from. */
export const containersOfPod = ({ of }: Workload, pod: PodContainer, project: Project): Described[] =>
  pod.image === undefined ? [] : describedBy(dockerfilesOfImage(pod.image, project), of, pod, project);

/** The same for a container of a task of ECS. */
export const containersOfTask = (task: TaskContainer, project: Project): Described[] =>
  describedBy(task.builtFrom, task.of, task, project);

function describedBy(
  files: readonly string[],
  of: YamlDocument,
  { command, args, at }: Pick<PodContainer, "command" | "args" | "at">,
  project: Project,
): Described[] {
  if ((command?.words === undefined) !== (command === undefined)) return [];
  if (args && !args.words) return [];
  const built = files.flatMap((file) => imageOf(file, project) ?? []);
  const place: ManifestSpan = { fn: of.fn, at: (command ?? args)?.at ?? at };
  return built.map((below) => {
    const entrypoint: Command | undefined = command?.words ? { words: command.words } : below.entrypoint;
    const given: Command | undefined = args?.words
      ? { words: args.words }
      : command
        ? undefined
        : below.command;
    const own = command !== undefined || args !== undefined;
    return {
      own,
      container: own ? { ...below, place, entrypoint, command: given } : below,
    };
  });
}
