import { join, relative, sep } from "node:path";
import { findNodeAtLocation, parseTree } from "jsonc-parser";
import { outputPath } from "./output-path.js";
import { filesIn, textOf } from "./reading.js";
import { startCommandIn, withSupervisor } from "./start-command.js";

/** A file that starts the program, as it is and as it would start it through the supervisor. */
export interface Suggestion {
  /** Relative to the root, forward slashes. */
  file: string;
  before: string;
  after: string;
}

const services = /^(?:start|serve|prod|production)(?::(?!dev|watch|debug|test)[\w-]+)*$/;
const images = /^(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?$|\.[Dd]ockerfile$/;

/**
 * How to start through the supervisor: in the package's start scripts, and in the images built here.
 * @param root real path of the root
 * @param supervisor relative to the root
 */
export function suggestionsFor(root: string, packageFolder: string, supervisor: string): Suggestion[] {
  const through = (text: string): string => {
    const start = startCommandIn(text);
    if (start === undefined) return text;
    return withSupervisor(text, start, outputPath(packageFolder, join(root, supervisor), start.program));
  };
  const suggest = (folder: string, name: string, change: (text: string) => string): Suggestion[] => {
    const before = textOf(folder, name);
    const after = before === undefined ? undefined : change(before);
    if (before === undefined || after === undefined || after === before) return [];
    return [{ file: relative(root, join(folder, name)).split(sep).join("/"), before, after }];
  };
  const folders = packageFolder === root ? [root] : [packageFolder, root];
  return [
    ...suggest(packageFolder, "package.json", (text) => withScripts(text, through)),
    ...folders.flatMap((folder) =>
      filesIn(folder)
        .filter((name) => images.test(name))
        .flatMap((name) => suggest(folder, name, (text) => withLastCommand(text, through))),
    ),
  ];
}

function withScripts(text: string, through: (command: string) => string): string {
  const tree = parseTree(text);
  const scripts = tree && findNodeAtLocation(tree, ["scripts"])?.children;
  let changed = text;
  // From the end, so that the offsets before stay right.
  for (const { children } of [...(scripts ?? [])].reverse()) {
    const [name, command] = children ?? [];
    if (command?.type !== "string" || !services.test(String(name?.value))) continue;
    const [start, end] = [command.offset + 1, command.offset + command.length - 1];
    changed = changed.slice(0, start) + through(text.slice(start, end)) + changed.slice(end);
  }
  return changed;
}

/** Only the last `CMD` and the last `ENTRYPOINT` of an image count. */
function withLastCommand(text: string, through: (command: string) => string): string {
  for (const instruction of ["CMD", "ENTRYPOINT"]) {
    const last = [...text.matchAll(new RegExp(`^[ \\t]*${instruction}[ \\t]+(.+)$`, "gim"))].at(-1);
    if (!last) continue;
    const [line, command = ""] = last;
    const at = last.index + line.length - command.length;
    const changed = through(command);
    if (changed !== command) return text.slice(0, at) + changed + text.slice(at + command.length);
  }
  return text;
}
