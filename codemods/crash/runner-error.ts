import type { RunnerHook } from "../../src/knowledge/schema.js";
import type { Node } from "../../src/syntax/parse.js";
import { intoList } from "../edit/imports.js";
import { child, list, nameOf, type Source } from "../edit/source.js";
import { errorParameter, type Named } from "./caught.js";
import type { Scene } from "./scene.js";
import { errorNameIn } from "./words.js";

/** The error in a hook, and what it takes to have it. */
export type ErrorOf = Named;

/**
 * The error that a hook is given: by its own parameter, which is added where it is the next one, or as a property of what it takes.
 * @param hook `answer` for a hook that is told of every answer, errors being one kind of them
 */
export function errorOfHook(
  scene: Scene,
  source: Source,
  fn: Node,
  hook: RunnerHook | "answer",
): ErrorOf | undefined {
  if (hook === "answer") return answerOf(source, fn);
  const { runner = "" } = scene.details;
  const params = fn.params as Node[];
  // Apollo 3 formats the error that it is given, Apollo 4 an answer made of it
  if (hook.name === "formatError" && params.length === 1) return errorParameter(source, fn, "error");
  if (runner.startsWith("tRPC")) return propertyOf(source, params[0], "error");
  if (runner === "Kafka consumer") return propertyOf(source, params[0], "payload", ".error");
  if (runner === "Graphile worker") return propertyOf(source, params[0], "error");
  const type = runner === "Nest application" || hook.name === "formatError" ? "unknown" : "error";
  if (hook.error === 0) return errorParameter(source, fn, type);
  const given = params[hook.error];
  if (given) {
    const id = given.type === "AssignmentPattern" ? child(given, "left") : given;
    return id?.type === "Identifier" && !(id.name as string).startsWith("_")
      ? { name: id.name as string, type, edits: [] }
      : undefined;
  }
  return added(source, fn, hook.error, type);
}

/** `(job) => ...` becomes `(job, error) => ...`. */
function added(source: Source, fn: Node, index: number, type: Named["type"]): Named | undefined {
  const params = fn.params as Node[];
  const last = params.at(-1);
  const error = errorNameIn(source);
  const isTaken = [...source.nodes()].some(
    (n) => n.type === "Identifier" && n.name === error && isInside(n, fn) && !isMember(source, n),
  );
  if (params.length !== index || !last || last.type === "RestElement" || isTaken) return undefined;
  const after = source.text.slice(last.end, child(fn, "body")?.start);
  if (/^\s*,?\s*\)/.test(after) || child(fn, "returnType"))
    return { name: error, type, edits: [source.insert(last.end, `, ${error}`)] };
  const text = `(${source.textOf(last)}, ${error})`;
  return { name: error, type, edits: [source.replace(last.start, last.end, text)] };
}

const isInside = (n: Node, fn: Node): boolean => fn.start <= n.start && n.end <= fn.end;

/** The name of a member: `console.error`. */
function isMember(source: Source, n: Node): boolean {
  const holder = source.parentOf(n);
  return holder?.type === "MemberExpression" && child(holder, "property") === n && holder.computed !== true;
}

/** A property of the first parameter, taken out of it where that is a pattern. */
function propertyOf(source: Source, param: Node | undefined, name: string, rest = ""): Named | undefined {
  if (param?.type === "Identifier")
    return { name: `${param.name as string}.${name}${rest}`, type: "error", edits: [] };
  const properties = param?.type === "ObjectPattern" ? list(param, "properties") : [];
  if (!param || properties.length === 0 || child(param, "typeAnnotation")) return undefined;
  const known = properties.find((p) => nameOf(child(p, "key")) === name);
  const local = known ? child(known, "value") : undefined;
  if (known)
    return local?.type === "Identifier"
      ? { name: `${local.name as string}${rest}`, type: "error", edits: [] }
      : undefined;
  return { name: `${name}${rest}`, type: "error", edits: [intoList(source, properties, name)] };
}

/** An answer of hapi is an error if it says so: `response.isBoom`. */
function answerOf(source: Source, fn: Node): Named | undefined {
  const asked = [...source.nodes()].find(
    (n) =>
      n.type === "MemberExpression" &&
      fn.start <= n.start &&
      n.end <= fn.end &&
      nameOf(child(n, "property")) === "isBoom",
  );
  const object = child(asked, "object");
  return object && { name: source.textOf(object), type: "error", edits: [] };
}
