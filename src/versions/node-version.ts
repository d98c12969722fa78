import { dockerfilesOf } from "../deployment/images.js";
import { stagesOf } from "../program/index/entries/dockerfile.js";
import { dirOf } from "../program/index/paths.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";

/** From this version on a rejection that nobody handles ends the process; before it only warns (nodejs.org, changes of v15.0.0). */
const REJECTIONS_END = 15;

/**
 * Whether a program is made for a Node that goes on after an unhandled rejection: its package asks for no newer one, and every
 * Dockerfile beside that package takes such an image. Where nothing says so, it is not.
 */
export function survivesRejections(run: Run, project: Project): boolean {
  const pkg = project.index.packageOf(run.entry.file);
  if (!pkg) return false;
  const images = dockerfilesOf(project)
    .filter((file) => dirOf(file) === pkg.dir)
    .flatMap((file) => stagesOf(project.index.read(file) ?? "").flatMap(({ base }) => nodeOf(base)));
  const told = [...engineOf(pkg.json?.engines), ...images];
  return told.length > 0 && told.every((major) => major < REJECTIONS_END);
}

/** `14.x`, `^12.13.0`, `10`: one major version. A range that is open upwards says nothing. */
function engineOf(engines: unknown): number[] {
  const node = (engines as { node?: unknown } | null | undefined)?.node;
  const major =
    typeof node === "string" ? /^[~^=v\s]*(\d+)(?:\.(?:x|\*|\d+)){0,2}$/.exec(node.trim())?.[1] : undefined;
  return major === undefined ? [] : [Number(major)];
}

/** `node:14-alpine`, `docker.io/library/node:12`. */
function nodeOf(image: string): number[] {
  const major = /(?:^|\/)node:(\d+)(?![\d_])/.exec(image)?.[1];
  return major === undefined ? [] : [Number(major)];
}
