import type { Call, Expr, Fn } from "../syntax/ir.js";
import { operandsOf } from "../syntax/parts.js";
import { crashCover } from "./covered.js";
import { originsOf } from "../program/origins.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import type { Runner } from "../program/runners.js";
import { sourceName } from "../syntax/source-names.js";

/**
 * Whether a child process needs nobody to tell of its failures: it is a program that hears them itself, it is left to itself on
 * purpose, or the program does not show what it is.
 */
export function seesToItself({ facts, call, fn }: Runner, run: Run, project: Project): boolean {
  const hears = (r: Run): boolean => {
    const cover = crashCover(r, project);
    return cover.hears("uncaughtException") && cover.hears("unhandledRejection");
  };
  // the workers of a cluster are the program itself
  if (facts.name === "cluster worker") return hears(run);
  const options = call.args.at(-1);
  if (options?.k === "obj" && options.props.some(isLeft)) return true;
  if (isUnreferenced(call, fn, project)) return true;
  const names = call.args.flatMap(scriptsIn);
  const files = project.index.sources.filter(
    (f) => !project.index.isTest(f) && names.some((n) => sameFile(f, n)),
  );
  if (files.length === 0) return true;
  return files.some(
    (file) =>
      /uncaughtException|unhandledRejection/.test(project.index.read(file) ?? "") ||
      project.runs().some((r) => r.entry.file === file && hears(r)),
  );
}

/** `child.unref()`: this process does not even wait for it. */
const isUnreferenced = (made: Call, fn: Fn, project: Project): boolean =>
  fn.module.calls.some(
    ({ call: { callee } }) =>
      callee.k === "mem" && callee.p === "unref" && originsOf(callee.o, fn.module, project).calls.has(made),
  );

/** `{ detached: true }`, `{ stdio: "ignore" }`. */
const isLeft = ({ name, value }: { name: string | undefined; value: Expr }): boolean =>
  name === undefined ||
  (value.k === "lit" &&
    ((name === "detached" && value.v === true) || (name === "stdio" && value.v === "ignore")));

/** The names of scripts in an expression: `path.join(__dirname, "child.js")`. */
function scriptsIn(e: Expr): string[] {
  if (e.k === "lit") return typeof e.v === "string" && sourceName.test(e.v) ? [e.v] : [];
  return e.k === "obj" ? [] : operandsOf(e).flatMap(scriptsIn);
}

/** By the end of their paths, a compiled file standing for its source. */
function sameFile(file: string, name: string): boolean {
  const bare = (f: string): string => f.replace(sourceName, "").replace(/^(\.{0,2}\/)+/, "");
  return file === name || `/${bare(file)}`.endsWith(`/${bare(name)}`);
}
