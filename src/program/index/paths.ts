/** Project paths: relative to the root, forward slashes, `""` for the root itself. */
import { sourceName } from "../../syntax/source-names.js";

/** Folder of a path; `""` at the top. */
export function dirOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * Joins a folder and a relative path and resolves `.` and `..`.
 * Gives undefined when the result lies outside the root.
 */
export function joinPath(dir: string, relative: string): string | undefined {
  let base = dir;
  let rest = relative;
  // The usual case, `./x` and `../../x` with nothing to resolve further on, without splitting.
  while (rest.startsWith(".")) {
    if (rest.startsWith("./")) rest = rest.slice(2);
    else if (rest.startsWith("../")) {
      if (base === "") return undefined;
      base = dirOf(base);
      rest = rest.slice(3);
    } else break;
  }
  if (!needsResolving.test(rest)) return base === "" ? rest : `${base}/${rest}`;
  const parts = base === "" ? [] : base.split("/");
  for (const part of rest.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (parts.length === 0) return undefined;
      parts.pop();
    } else {
      parts.push(part);
    }
  }
  return parts.join("/");
}

const needsResolving = /^$|^\/|\/\/|\/$|(?:^|\/)\.{1,2}(?:\/|$)/;

/** The folder itself and every folder above it, nearest first, ending with `""`. */
export function ancestorsOf(dir: string): string[] {
  const chain = [dir];
  while (dir !== "") {
    dir = dirOf(dir);
    chain.push(dir);
  }
  return chain;
}

/** Whether `file` lies in `dir` (at any depth). */
export function isInside(file: string, dir: string): boolean {
  return (
    dir === "" ||
    file === dir ||
    (file.length > dir.length && file.startsWith(dir) && file.charCodeAt(dir.length) === 47)
  );
}

/** How many leading folders two paths share. */
export function sharedDepth(left: string, right: string): number {
  const a = left.split("/");
  const b = right.split("/");
  let depth = 0;
  while (depth < a.length && depth < b.length && a[depth] === b[depth] && a[depth] !== "") depth++;
  return depth;
}

const neverSource = /\.d\.(?:[\w-]+\.)?[mc]?ts$|\.min\.[mc]?js$/;

/** Whether a file name is that of a source the index lists. */
export function isSourceName(name: string): boolean {
  return sourceName.test(name) && !neverSource.test(name);
}

const testFolder =
  /(?:^|\/)(?:__tests__|__mocks__|__fixtures__|tests?|e2e|spec|cypress|playwright|(?:e2e|integration|unit|runtime)[-_]tests?|test[-_]utils?)\//;
const testName = /[._-](?:test|spec|e2e|bench|cy|stories|test-d)\.(?:[mc]?[jt]sx?|es6?|jsm)$/;
const testSetup =
  /(?:^|\/)(?:(?:jest|vitest|playwright|cypress|karma|wdio)[\w.-]*\.(?:config|setup|workspace|conf)|(?:jest|vitest|test)[._-]?setup|setup[._-]?tests?|tests?)\.[mc]?[jt]sx?$/i;

/** Whether a file belongs to the tests, by its path alone. */
export function isTestPath(file: string): boolean {
  return testFolder.test(file) || testName.test(file) || testSetup.test(file);
}
