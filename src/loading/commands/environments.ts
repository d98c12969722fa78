import { containersOfTask } from "../../deployment/containers.js";
import { taskContainersOf } from "../../deployment/ecs.js";
import { unitsOf } from "../../deployment/systemd.js";
import { nodeOptionsIn } from "../../program/index/entries/tool-settings.js";
import { baseOf, dirOf } from "../../program/index/paths.js";
import { manifestPlace } from "../../program/manifest-place.js";
import type { Project } from "../../program/project.js";
import { flagsOfOptions, nodeCommandsIn, nodeCommandsOf } from "./flags.js";
import { optionsAlone, type Written } from "./written.js";

/** `NODE_OPTIONS` of services of systemd and of task definitions of ECS, with the program that they are given to. */
export const optionsOfHosts = (project: Project): Written[] => [
  ...unitsOf(project).flatMap(({ fn, env, container: { command, bases, image } }): Written[] => {
    const options = env.get("NODE_OPTIONS");
    const [program] = command && "words" in command ? nodeCommandsOf(command.words) : [];
    if (!options) return [];
    const commands = [optionsAlone(flagsOfOptions(options.value), program)];
    return [{ fn, at: options.at, commands, bases, image, script: undefined }];
  }),
  ...taskContainersOf(project).flatMap((task): Written[] => {
    const { options, of, args } = task;
    if (!options) return [];
    const [built, ...more] = containersOfTask(task, project);
    const container = more.length === 0 ? built?.container : undefined;
    const own = container?.command;
    const words = args?.words ?? (own && "words" in own ? own.words : []);
    const [program] = nodeCommandsOf(words);
    const bases = container?.bases ?? project.index.commandLines.bases(dirOf(of.file), []);
    const commands = [optionsAlone(flagsOfOptions(options.value), program)];
    return [{ fn: of.fn, at: options.at, commands, bases, image: container?.image ?? "", script: undefined }];
  }),
];

/** `node-options` of `.npmrc` files, with the program of the start script beside them. */
export function optionsOfNpm(file: string, project: Project): Written[] {
  const text = project.index.read(file);
  const options = text === undefined ? undefined : nodeOptionsIn(text);
  if (text === undefined || !options) return [];
  const dir = dirOf(file);
  const start = project.index.packageOf(dir === "" ? "package.json" : `${dir}/package.json`)?.json?.scripts?.[
    "start"
  ];
  const [program] = typeof start === "string" ? nodeCommandsIn(start) : [];
  return [
    {
      fn: manifestPlace(file, text),
      at: options.at,
      commands: [optionsAlone(flagsOfOptions(options.value), program)],
      bases: [dir],
      image: "",
      script: undefined,
    },
  ];
}

/** The command in the settings of nodemon, which is for work: as a script of that name. */
export function commandOfNodemon(file: string, project: Project): Written[] {
  const text = project.index.read(file);
  if (text === undefined || text.length > 64_000) return [];
  const settings = baseOf(file) === "package.json" ? text.search(/"nodemonConfig"\s*:\s*\{/) : 0;
  if (settings < 0) return [];
  const found = /"exec"\s*:\s*("(?:[^"\\\n]|\\.)*")/.exec(text.slice(settings));
  if (!found) return [];
  const end = settings + found.index + found[0].length - 1;
  const at = [end - (found[1] ?? "").length + 2, end] as const;
  let command: unknown;
  try {
    command = JSON.parse(found[1] ?? "");
  } catch {
    return [];
  }
  if (typeof command !== "string") return [];
  const fn = manifestPlace(file, text);
  return [{ fn, at, commands: nodeCommandsIn(command), bases: [dirOf(file)], image: "", script: "nodemon" }];
}
