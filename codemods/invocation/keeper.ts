import { asksFor } from "../../src/facts/majors.js";
import { nextPartOf } from "../../src/invocation/deployed.js";
import type { Invocation } from "../../src/invocation/handlers.js";
import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Fn } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { importEdits } from "../edit/imports.js";
import { isFunction, nameOf, type Source } from "../edit/source.js";

/** How the platform is asked to wait for a promise while the response leaves. */
export interface Keeper {
  /** The call around an expression. */
  around(expression: string): string;
  edits: Edit[];
}

const METHODS_WITH_ENV = /^(?:fetch|scheduled|queue|email|tail)$/;

/**
 * The platform's own way to wait for something behind the answer, at a node inside an invocation.
 * @returns undefined where the platform has none, or where the program has not asked for the package that has it
 */
export function keeperAt(
  source: Source,
  node: Node,
  invocation: Invocation,
  project: Project,
): Keeper | undefined {
  if (invocation.fn.module.file !== source.file) return undefined;
  if (invocation.app === "hono app")
    return invocation.platform === "workers" ? ofHono(source, node, invocation.fn) : undefined;
  if (invocation.app !== undefined) return undefined;
  if (invocation.platform === "workers") return ofWorker(source, node, invocation.fn);
  if (invocation.platform === "objects") return ofWorker(source, node, invocation.fn);
  if (invocation.platform !== "vercel") return undefined;
  const json = project.index.packageOf(source.file)?.json;
  const asked = { ...json?.dependencies, ...json?.devDependencies };
  const part = nextPartOf(source.file, project);
  // `after` throws in what lies below pages/api
  if (part !== undefined && part !== "api" && asksFor(asked["next"], AFTER_SINCE) === true)
    return imported(source, project, "after", "next/server", (e) => `after(() => ${e})`);
  if (asked["@vercel/functions"] === undefined) return undefined;
  return imported(source, project, "waitUntil", "@vercel/functions", (e) => `waitUntil(${e})`);
}

/** The release of Next.js in which `after` became stable. */
const AFTER_SINCE = ">=15.1";

/** A function of a package around an expression, with what it takes to have its name. */
function imported(
  source: Source,
  project: Project,
  name: string,
  specifier: string,
  around: Keeper["around"],
): Keeper | undefined {
  const known = project.module(source.file)?.bindings.find((b) => b.name === name);
  if (known) return known.from?.specifier === specifier ? { around, edits: [] } : undefined;
  const edits = importEdits(source, { name, local: name, specifier }, (s) => s === specifier);
  return edits && { around, edits };
}

/** `c.executionCtx.waitUntil(...)`; the hook for errors has the context behind the error. */
function ofHono(source: Source, node: Node, fn: Fn): Keeper | undefined {
  const outer = source.at(fn.at, "FunctionExpression", "ArrowFunctionExpression", "FunctionDeclaration");
  if (!outer || node.start < outer.start || outer.end < node.end) return undefined;
  const [first, second] = outer.params as Node[];
  const given = [first, second].map((p) => (p?.type === "Identifier" ? nameOf(p) : undefined));
  const name = given.find((n) => n !== undefined && /^(?:c|ctx|context)$/.test(n));
  return name === undefined
    ? undefined
    : { around: (e) => `${name}.executionCtx.waitUntil(${e})`, edits: [] };
}

/** The context is the third parameter of a handler, and a field of an entry point or a Durable Object. */
function ofWorker(source: Source, node: Node, fn: Fn): Keeper | undefined {
  const outer = source.at(fn.at, "FunctionExpression", "ArrowFunctionExpression", "FunctionDeclaration");
  if (!outer || node.start < outer.start || outer.end < node.end) return undefined;
  if (fn.cls) {
    const bound = [...source.ancestors(node)].filter(isFunction);
    const own = bound.slice(0, bound.indexOf(outer)).some((f) => f.type !== "ArrowFunctionExpression");
    return own ? undefined : { around: (e) => `this.ctx.waitUntil(${e})`, edits: [] };
  }
  const param = (outer.params as Node[])[2];
  const name = param?.type === "Identifier" ? nameOf(param) : undefined;
  if (name === undefined || !METHODS_WITH_ENV.test(fn.name ?? "fetch")) return undefined;
  return { around: (e) => `${name}.waitUntil(${e})`, edits: [] };
}
