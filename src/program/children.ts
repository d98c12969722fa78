import type { Expr } from "../syntax/ir.js";
import { operandsOf } from "../syntax/parts.js";
import { crashCover } from "./covered.js";
import type { Project } from "./project.js";
import type { Run } from "./program.js";
import type { Runner } from "./runners.js";

/**
 * Whether a child process needs nobody to tell of its failures: it is a program that hears them itself, it is left to itself on
 * purpose, or the program does not show what it is.
 */
export function seesToItself({ facts, call }: Runner, run: Run, project: Project): boolean {
  const hears = (r: Run): boolean => {
    const cover = crashCover(r, project);
    return cover.hears("uncaughtException") && cover.hears("unhandledRejection");
  };
  // the workers of a cluster are the program itself
  if (facts.name === "cluster worker") return hears(run);
  const options = call.args.at(-1);
  if (options?.k === "obj" && options.props.some(isLeft)) return true;
  const names = call.args.flatMap(scriptsIn);
  const files = [...run.files].flatMap((f) => project.index.scan(f).workers).length > 0 ? names : [];
  const child = project.index.sources.filter(
    (f) => !project.index.isTest(f) && files.some((n) => sameFile(f, n)),
  );
  if (child.length === 0) return true;
  return child.some(
    (file) =>
      /uncaughtException|unhandledRejection/.test(project.index.read(file) ?? "") ||
      project.runs().some((r) => r.entry.file === file && hears(r)),
  );
}

/** `{ detached: true }`, `{ stdio: "ignore" }`. */
const isLeft = ({ name, value }: { name: string | undefined; value: Expr }): boolean =>
  name === undefined ||
  (value.k === "lit" &&
    ((name === "detached" && value.v === true) || (name === "stdio" && value.v === "ignore")));

/** The names of scripts in an expression: `path.join(__dirname, "child.js")`. */
function scriptsIn(e: Expr): string[] {
  if (e.k === "lit") return typeof e.v === "string" && /\.[mc]?[jt]sx?$/.test(e.v) ? [e.v] : [];
  return e.k === "obj" ? [] : operandsOf(e).flatMap(scriptsIn);
}

/** By the end of their paths, a compiled file standing for its source. */
function sameFile(file: string, name: string): boolean {
  const bare = (f: string): string => f.replace(/\.[mc]?[jt]sx?$/, "").replace(/^(\.{0,2}\/)+/, "");
  return file === name || `/${bare(file)}`.endsWith(`/${bare(name)}`);
}
