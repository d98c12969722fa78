import type { Edit } from "../../src/finding.js";
import { arrayMethods, promiseMethods, registrationMethods } from "../../src/knowledge/process.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { asyncEdits } from "../edit/async.js";
import { calledName, child, isFunction, list, nameOf, type Source } from "../edit/source.js";
import { callersAwait } from "./callers.js";

/** What it takes to be able to wait in a function. */
export interface Awaiting {
  edits: Edit[];
  /** Nobody can tell the difference but for the wait. */
  safe: boolean;
}

/** How far callers are followed. */
export const MAX_CALLERS = 3;

/**
 * How `await` can be had at a place: the function around it is async, can be made async, or the top level allows it.
 * @param fn the innermost function around the place; undefined for the top level
 */
export function awaiting(
  project: Project,
  source: Source,
  fn: Node | undefined,
  depth = 0,
): Awaiting | undefined {
  if (!fn) return allowsTopLevelAwait(project, source) ? { edits: [], safe: true } : undefined;
  if (fn.async === true) return { edits: [], safe: true };
  const edits = asyncEdits(source, fn);
  if (!edits) return undefined;
  const use = useOf(project, source, fn);
  if (use === "settles") return { edits, safe: true };
  if (use === "later") return { edits, safe: false };
  if (use !== "named" || depth >= MAX_CALLERS) return undefined;
  const callers = callersAwait(project, source, fn, depth);
  return callers && { edits: [...edits, ...callers], safe: false };
}

/**
 * What becomes of a function: `settles` a promise chain, runs `later` for a caller that is done with it, is `named` and
 * called from elsewhere, or something about which nothing is known.
 */
export function useOf(project: Project, source: Source, fn: Node): "settles" | "later" | "named" | undefined {
  const holder = source.parentOf(fn);
  switch (holder?.type) {
    case "CallExpression":
      return list(holder, "arguments").includes(fn) ? useAsArgument(project, source, holder) : undefined;
    case "NewExpression":
      return undefined;
    case "Property":
      return isHandlerOf(project, source, holder) ? "later" : undefined;
    case "AssignmentExpression": {
      const to = child(holder, "left");
      if (to?.type === "Identifier") return "named";
      return to?.type === "MemberExpression" && /^on[a-z]/.test(nameOf(child(to, "property")) ?? "")
        ? "later"
        : undefined;
    }
    case "VariableDeclarator":
    case "MethodDefinition":
    case "PropertyDefinition":
      return "named";
    default:
      return fn.type === "FunctionDeclaration" ? "named" : undefined;
  }
}

/** How a function runs that is handed to a call: once a promise settles, later, or (undefined) perhaps at once. */
export function useAsArgument(project: Project, source: Source, call: Node): "settles" | "later" | undefined {
  const name = calledName(call);
  const callee = child(call, "callee");
  if (name === undefined || !callee) return undefined;
  if (callee.type === "MemberExpression" && promiseMethods.includes(name)) return "settles";
  if (registrationMethods.includes(name)) return "later";
  if (callee.type === "MemberExpression" && arrayMethods.includes(name)) return undefined;
  const module = project.module(source.file);
  const known = module?.calls.find((c) => c.call.at[0] === call.start && c.call.at[1] === call.end);
  const values = known && module ? project.values.of(known.call.callee, module) : [];
  // a function of the program or a span's callback may run at once, and what follows would run before the flush has ended
  const runsAtOnce = values.some((v) => v.v === "fn" || v.v === "class" || v.v === "member" || v.v === "sdk");
  return runsAtOnce ? undefined : "later";
}

/** A handler in an options object that is handed to a call of a package. */
function isHandlerOf(project: Project, source: Source, property: Node): boolean {
  for (const up of source.ancestors(property)) {
    if (up.type === "CallExpression") return useAsArgument(project, source, up) === "later";
    if (isFunction(up) || (up.type !== "ObjectExpression" && up.type !== "Property")) return false;
  }
  return false;
}

/** The file is an ES module at run time, not only in its syntax. */
export function allowsTopLevelAwait(project: Project, source: Source): boolean {
  if (/\.m[jt]s$/.test(source.file)) return true;
  if (/\.c[jt]s$/.test(source.file)) return false;
  if (project.index.packageOf(source.file)?.json?.type === "module")
    return project.module(source.file)?.esm === true;
  for (const node of source.nodes())
    if (
      (node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await === true)) &&
      !source.functionOf(node)
    )
      return true;
  return false;
}
