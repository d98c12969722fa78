import type { Value } from "../../facts/value.js";
import {
  chainedObjects,
  type PatchedFacts,
  patchedExports,
  patchedGlobals,
  patchedPrototypes,
} from "../../knowledge/patched.js";
import type { Project } from "../../program/project.js";
import type { Expr, Module } from "../../syntax/ir.js";
import type { Link } from "../links.js";
import { isNothing } from "../originals.js";
import { exitsOf } from "./paths.js";
import { originOf } from "../same.js";

/** What is known of the function that a link replaces. */
export interface Patched {
  /** How the function is called, for the reader. */
  name: string;
  facts: PatchedFacts;
}

/**
 * What callers of the original of a link get, and how many arguments it takes; undefined when neither tables nor the program say so.
 * @param module where the link is put in place
 */
export function patchedBy(link: Link, module: Module, project: Project): Patched | undefined {
  const { of, name } = link;
  if (!of || link.by === "override" || (link.by === "trap" && link.name !== "apply")) return undefined;
  // the target of a proxy, or what `wrapFunction` is given, is the function itself
  const member =
    link.by === "trap" || (link.by === "wrap" && link.call?.args.length === 2) ? undefined : name;
  if (member === undefined && link.by !== "trap" && link.call?.args.length !== 2) return undefined;
  const values = project.values.of(of, module);
  const found = values.map((value) => factsOf(value, member, project));
  const [first] = found;
  if (first?.facts && found.every((f) => f?.facts.gives === first.facts.gives)) return first;
  if (member === undefined || values.length > 0) return undefined;
  const facts = of.k === "mem" && of.p === "prototype" ? patchedPrototypes[member] : undefined;
  return facts && { name: member, facts };
}

function factsOf(value: Value, member: string | undefined, project: Project): Patched | undefined {
  switch (value.v) {
    case "global": {
      const path = joined(value.path, member);
      const facts = patchedGlobals[path] ?? (member === undefined ? undefined : chainedObjects[value.path]);
      return facts && { name: path, facts };
    }
    case "package": {
      const path = joined(value.path.replace(/^default(?:\.|$)/, ""), member);
      const facts = patchedExports[`${value.specifier.replace(/^node:/, "")}.${path}`];
      return facts && { name: path, facts };
    }
    case "fn":
      return member === undefined ? factsOfFunction(value) : undefined;
    case "instance":
    case "class":
    case "object": {
      const found = member === undefined ? [] : project.values.member(value, member, undefined, undefined);
      const [only] = found;
      return found.length === 1 && only?.v === "fn" ? factsOfFunction(only) : undefined;
    }
    default:
      return undefined;
  }
}

const joined = (path: string, member: string | undefined): string =>
  [path, member].filter((part) => part !== undefined && part !== "").join(".");

/** A function of the program gives something when all its ways out say what; a call may come back with nothing. */
function factsOfFunction({ fn }: Value & { v: "fn" }): Patched | undefined {
  if (fn.generator || fn.kind === "constructor" || fn.kind === "accessor" || fn.name === undefined)
    return undefined;
  const exits = exitsOf(fn, []);
  if (exits.length === 0) return undefined;
  if (exits.every(({ e }) => e !== undefined && isValue(e)))
    return { name: fn.name, facts: { gives: "its result" } };
  return exits.every(({ e }) => isNothing(e)) ? { name: fn.name, facts: { gives: undefined } } : undefined;
}

const VALUES = new Set<Expr["k"]>(["obj", "arr", "fn", "class", "cmp", "not", "this"]);

/** What is something for sure. */
function isValue(e: Expr): boolean {
  const origin = originOf(e);
  if (origin.k === "lit") return !isNothing(origin);
  return VALUES.has(origin.k) || (origin.k === "call" && origin.isNew);
}
