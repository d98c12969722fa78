import { launchesOfWords } from "../../program/index/entries/commands.js";
import type { Project } from "../../program/project.js";
import type { NodeCommand } from "./flags.js";
import { programOf } from "./resolve.js";
import { writtenIn, type Written } from "./written.js";

/** A program of the project that a container, a Procfile or pm2 comes to run. */
export interface Deployed {
  program: string;
  command: NodeCommand;
  /** Where the command of Node is written: the manifest itself, or the script of package.json that it runs. */
  written: Written;
  /** The manifest. */
  by: Written;
}

/** Scripts that run scripts are followed no deeper than this. */
const deepest = 4;

/** Every program that a deployment of the project starts by Node. */
export const deployedIn = (project: Project): Deployed[] =>
  writtenIn(project).flatMap((by) => (by.words === undefined ? [] : startedBy(by, by, by.words, 0, project)));

/** The image in which a script of package.json is run, where all that run it agree. */
export function imageFor(written: Written, project: Project): string {
  if (written.script === undefined) return written.image;
  const images = new Set(deployedIn(project).flatMap((d) => (d.written === written ? [d.by.image] : [])));
  const [image = ""] = images;
  return images.size === 1 ? image : "";
}

function startedBy(
  by: Written,
  written: Written,
  words: readonly string[],
  depth: number,
  project: Project,
): Deployed[] {
  if (depth > deepest) return [];
  if (written.commands.length > 0)
    return written.commands.flatMap((command): Deployed[] => {
      const program = programOf(command, written, project);
      return program === undefined ? [] : [{ program, command, written, by }];
    });
  return launchesOfWords(words).flatMap((launch): Deployed[] => {
    if (launch.kind !== "script") return [];
    const script = project.index.commandLines.packageScript(launch, written.bases);
    const next = script && scriptIn(script.dir, launch.script, project);
    return next && script ? startedBy(by, next, ["sh", "-c", `${script.command} `], depth + 1, project) : [];
  });
}

/** A script of the package in a folder. */
const scriptIn = (dir: string, name: string, project: Project): Written | undefined =>
  writtenIn(project).find(
    ({ script, fn }) =>
      script === name && fn.module.file === (dir === "" ? "package.json" : `${dir}/package.json`),
  );
