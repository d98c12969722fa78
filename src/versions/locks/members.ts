import { escaped } from "./reader.js";

/** How a lock file says that it installs for a package of the workspace, by its folder. */
const SAYS: Readonly<Record<string, (dir: string) => string>> = {
  "package-lock.json": (dir) => String.raw`^\s*"${dir}": \{`,
  "npm-shrinkwrap.json": (dir) => String.raw`^\s*"${dir}": \{`,
  "pnpm-lock.yaml": (dir) => String.raw`^  ['"]?${dir}['"]?:`,
  // the first yarn names no folders
  "yarn.lock": (dir) => String.raw`@workspace:${dir}"`,
  "bun.lock": (dir) => String.raw`^\s*"${dir}": \{`,
};

/** Whether a lock file installs for the package in a folder; that of a neighbour says nothing of it. */
export function hasMember(kind: string, text: string, dir: string): boolean {
  const says = SAYS[kind];
  return says !== undefined && new RegExp(says(escaped(dir)), "m").test(text);
}
