import type { Project } from "../../program/project.js";
import type { Module } from "../../syntax/ir.js";
import { linkWords, wrapsOrKeeps } from "../../knowledge/link-words.js";
import { linksOf, type Link } from "../links.js";
import { modulesSaying } from "../modules.js";
import { callsIn } from "../originals.js";

/** A link that stands in the place of a function, and the module that puts it there. */
export interface Replaced {
  link: Link;
  module: Module;
}

/** Every replacement of a function in a project whose position is recognised, without constructors, getters and generators. */
export function replacedIn(project: Project): Replaced[] {
  let found = known.get(project);
  if (!found) {
    const modules = new Set([
      ...modulesSaying(linkWords.wrap, project, wrapsOrKeeps),
      ...modulesSaying(linkWords.proxy, project),
    ]);
    found = [...modules].flatMap((module) =>
      linksOf(module, project)
        .filter(isReplacement)
        .map((link) => ({ link, module })),
    );
    known.set(project, found);
  }
  return found;
}

const known = new WeakMap<Project, Replaced[]>();

function isReplacement({ by, fn, name }: Link): boolean {
  if (by === "around" || by === "override" || (by === "trap" && name !== "apply")) return false;
  if (fn.generator || fn.kind === "constructor" || fn.kind === "accessor") return false;
  return !/^[A-Z]/.test(name ?? "") && !isConstructor(fn);
}

/** `if (!(this instanceof Wrapped)) return new Wrapped(...)`. */
const isConstructor = (fn: Link["fn"]): boolean =>
  fn.name !== undefined &&
  callsIn(fn).some(({ isNew, callee }) => isNew && callee.k === "id" && callee.name === fn.name);
