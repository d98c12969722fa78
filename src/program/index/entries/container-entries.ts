/** Entries that Dockerfiles, compose files and Procfiles name. */
import { isObject, stringsOf } from "../json.js";
import { baseOf, dirOf, joinPath } from "../paths.js";
import { launchesOf, launchesOfWords, preloadsOfNodeOptions, type Launch } from "./commands.js";
import { basesOf, placeIn, type EntryContext } from "./context.js";
import { environmentOf, execForm, finalInstructions, stagesOf, type Instruction } from "./dockerfile.js";
import type { Starter } from "./start.js";
import { readYaml } from "./yaml-file.js";

const dockerfileName = /^(?:Dockerfile|Containerfile)|\.dockerfile$/i;
const composeName = /compose[\w.-]*\.ya?ml$/;

/** Longer files are no Dockerfile or Procfile that anybody wrote. */
const longestFile = 64_000;
const longestCompose = 300_000;

export function addContainers(context: EntryContext, starter: Starter): void {
  for (const file of context.manifests.files) {
    const name = baseOf(file);
    if (dockerfileName.test(name)) addDockerfile(context, starter, file, []);
    else if (name.startsWith("Procfile")) addProcfile(context, starter, file);
    else if (composeName.test(name)) addCompose(context, starter, file);
  }
}

/** `inherited` are preloads that whoever runs the image asks for. */
function addDockerfile(
  context: EntryContext,
  starter: Starter,
  file: string,
  inherited: readonly string[],
): void {
  const text = context.manifests.shortText(file, longestFile);
  if (text === undefined) return;
  let preloads = [...inherited];
  const folders: string[] = [];
  let entrypoint: Instruction | undefined;
  let command: Instruction | undefined;
  for (const instruction of finalInstructions(stagesOf(text))) {
    if (instruction.name === "ENV") {
      const options = environmentOf(instruction.value).get("NODE_OPTIONS");
      if (options !== undefined) preloads = [...preloadsOfNodeOptions(options), ...inherited];
    } else if (instruction.name === "WORKDIR") folders.push(instruction.value);
    else if (instruction.name === "CMD") command = instruction;
    else if (instruction.name === "ENTRYPOINT") entrypoint = instruction;
    else if (instruction.name === "RUN" && /\b(?:node|tsx|ts-node|bun|deno)\b/.test(instruction.value)) {
      start(context, starter, file, instruction, launchesOf(instruction.value, preloads), folders);
    }
  }
  for (const { launches, instruction } of commandsOf(entrypoint, command, preloads)) {
    if (start(context, starter, file, instruction, launches, folders)) break;
  }
}

/** What may run: entry point and command together, and each alone (an entry point may just run what follows). */
function commandsOf(
  entrypoint: Instruction | undefined,
  command: Instruction | undefined,
  preloads: readonly string[],
): { launches: Launch[]; instruction: Instruction }[] {
  const found: { launches: Launch[]; instruction: Instruction }[] = [];
  const first = entrypoint === undefined ? undefined : execForm(entrypoint.value);
  const rest = command === undefined ? undefined : execForm(command.value);
  if (first !== undefined && rest !== undefined && command !== undefined)
    found.push({ launches: launchesOfWords([...first, ...rest], preloads), instruction: command });
  for (const instruction of [command, entrypoint]) {
    if (instruction === undefined) continue;
    const words = execForm(instruction.value);
    found.push({
      launches:
        words === undefined ? launchesOf(instruction.value, preloads) : launchesOfWords(words, preloads),
      instruction,
    });
  }
  return found;
}

function start(
  context: EntryContext,
  starter: Starter,
  file: string,
  instruction: Instruction,
  launches: readonly Launch[],
  folders: readonly string[],
): boolean {
  return starter.start(launches, {
    bases: containerBases(context, dirOf(file), folders),
    reason: "dockerfile",
    where: { file, line: instruction.line },
    container: true,
  });
}

/** Folders of the project that the working directory of a container may stand for: `/app/packages/api` is `packages/api`. */
export function containerBases(context: EntryContext, dir: string, folders: readonly string[]): string[] {
  const absolute = folders.reduce((at, folder) => (folder.startsWith("/") ? folder : `${at}/${folder}`), "");
  const parts = absolute.split("/").filter((part) => part !== "" && part !== ".");
  const bases: string[] = [];
  for (let at = 0; at < parts.length; at++) {
    for (const above of ["", dir]) {
      const candidate = joinPath(above, parts.slice(at).join("/"));
      if (
        candidate !== undefined &&
        candidate !== "" &&
        context.resolver.packages.in(candidate) !== undefined
      )
        bases.push(candidate);
    }
  }
  return [...new Set([...bases, ...basesOf(context, dir)])];
}

function addProcfile(context: EntryContext, starter: Starter, file: string): void {
  const lines = (context.manifests.shortText(file, longestFile) ?? "").split(/\r?\n/);
  lines.forEach((line, at) => {
    const command = /^[\w-]+\s*:\s*(.+)$/.exec(line)?.[1];
    if (command === undefined) return;
    starter.start(launchesOf(command), {
      bases: basesOf(context, dirOf(file)),
      reason: "procfile",
      where: { file, line: at + 1 },
      container: true,
    });
  });
}

function addCompose(context: EntryContext, starter: Starter, file: string): void {
  const text = context.manifests.shortText(file, longestCompose);
  if (text === undefined || !/\b(?:node|npm|yarn|pnpm|bun|deno|tsx|NODE_OPTIONS)\b/.test(text)) return;
  const services = readYaml(context.manifests, file)?.["services"];
  if (!isObject(services)) return;
  for (const service of Object.values(services)) {
    if (!isObject(service)) continue;
    const options = environmentValue(service["environment"], "NODE_OPTIONS");
    const preloads = options === undefined ? [] : preloadsOfNodeOptions(options);
    const build = buildOf(service, dirOf(file));
    const folder = typeof service["working_dir"] === "string" ? [service["working_dir"]] : [];
    let started = false;
    for (const field of ["command", "entrypoint"]) {
      const launches = launchesOfValue(service[field], preloads);
      const where = placeIn(file, lineOfValue(text, service[field]));
      started =
        starter.start(launches, {
          bases: containerBases(context, build?.context ?? dirOf(file), folder),
          reason: "dockerfile",
          where,
          container: true,
        }) || started;
    }
    if (!started && preloads.length > 0 && build !== undefined && context.manifests.has(build.dockerfile)) {
      addDockerfile(context, starter, build.dockerfile, preloads);
    }
  }
}

function launchesOfValue(value: unknown, preloads: readonly string[]): Launch[] {
  if (typeof value === "string") return launchesOf(value, preloads);
  if (!Array.isArray(value)) return [];
  return launchesOfWords(
    (value as unknown[]).filter((word) => typeof word === "string"),
    preloads,
  );
}

function lineOfValue(text: string, value: unknown): number | undefined {
  const token: unknown = Array.isArray(value) ? value[value.length - 1] : value;
  const at = typeof token === "string" && token !== "" ? text.indexOf(token.split("\n", 1).join()) : -1;
  return at < 0 ? undefined : text.slice(0, at).split("\n").length;
}

function environmentValue(environment: unknown, name: string): string | undefined {
  if (!Array.isArray(environment)) return stringsOf(environment)[name];
  const line = (environment as unknown[]).find(
    (item): item is string => typeof item === "string" && item.startsWith(`${name}=`),
  );
  return line?.slice(name.length + 1);
}

function buildOf(
  service: Record<string, unknown>,
  dir: string,
): { context: string; dockerfile: string } | undefined {
  const build = service["build"];
  const folder =
    typeof build === "string"
      ? build
      : isObject(build) && typeof build["context"] === "string"
        ? build["context"]
        : build === undefined
          ? undefined
          : ".";
  const context = folder === undefined ? undefined : joinPath(dir, folder);
  if (context === undefined) return undefined;
  const name =
    isObject(build) && typeof build["dockerfile"] === "string" ? build["dockerfile"] : "Dockerfile";
  const dockerfile = joinPath(context, name);
  return dockerfile === undefined ? undefined : { context, dockerfile };
}
