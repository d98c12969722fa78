import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { importEdits } from "../edit/imports.js";
import { child, list, nameOf, type Source } from "../edit/source.js";
import { takenNames } from "../flush/names.js";
import type { Scene } from "./scene.js";
import type { Caught } from "./tell.js";

/** What has to hold for an error to be a failure of the server. */
interface Guard {
  /** Empty where nothing is to be asked. */
  test: string;
  edits: Edit[];
}

const NONE: Guard = { test: "", edits: [] };

/**
 * Hooks of web frameworks are told of wrong addresses and missing rights as well. What the client did wrong is no failure: asked by
 * the status that the hook works out itself, else by how the framework marks such errors.
 * @param place where the SDK is to be told
 */
export function onlyServerErrors(
  { details }: Scene,
  source: Source,
  where: Node,
  place: Node,
  { name, type }: Caught,
): Guard {
  const { runner = "" } = details;
  if (isAsked(source, where, place)) return NONE;
  const status = statusIn(source, where, place);
  if (status !== undefined) return { test: `${status} >= 500`, edits: [] };
  const { quote } = source.style;
  switch (runner) {
    case "Nest application": {
      const known = takenNames(source).has("HttpException");
      const wanted = { name: "HttpException", local: "HttpException", specifier: "@nestjs/common" };
      const edits = known ? [] : importEdits(source, wanted, (s) => s === wanted.specifier);
      return edits ? { test: `!(${name} instanceof HttpException)`, edits } : NONE;
    }
    case "fastify app":
      return { test: `!${name}.statusCode || ${name}.statusCode >= 500`, edits: [] };
    case "express app":
    case "connect app":
      return source.isTypeScript && type !== "any" ? NONE : { test: `!(${name}.status < 500)`, edits: [] };
    case "hono app": {
      if (takenNames(source).has("HTTPException"))
        return { test: `!(${name} instanceof HTTPException)`, edits: [] };
      return { test: `!(${quote}getResponse${quote} in ${name})`, edits: [] };
    }
    case "hapi server":
      return { test: `${name}.isServer`, edits: [] };
    case "Apollo server": {
      const [formatted] = where.params as Node[];
      return formatted?.type === "Identifier"
        ? {
            test: `${formatted.name as string}.extensions?.code === ${quote}INTERNAL_SERVER_ERROR${quote}`,
            edits: [],
          }
        : NONE;
    }
    default:
      return NONE;
  }
}

/** The place is reached by some errors only: the hook has sorted them out already. */
function isAsked(source: Source, where: Node, place: Node): boolean {
  let node = place;
  for (const up of source.ancestors(place)) {
    if (up === where) return false;
    if (up.type === "IfStatement" || up.type === "SwitchCase") return true;
    const own = up.type === "BlockStatement" ? list(up, "body") : [];
    const before = own.slice(0, own.indexOf(node));
    if (
      before.some(
        (s) =>
          s.type === "IfStatement" &&
          /\b(return|throw)\b/.test(source.textOf(s)) &&
          !isHeadersSent(source, s),
      )
    )
      return true;
    node = up;
  }
  return false;
}

/** `if (res.headersSent) return next(error)` says nothing about the error. */
const isHeadersSent = (source: Source, s: Node): boolean =>
  /headersSent|\.sent\b/.test(source.textOf(child(s, "test") ?? s));

/** A constant of the hook that is the status of the answer. */
function statusIn(source: Source, where: Node, place: Node): string | undefined {
  for (const n of source.nodes()) {
    if (n.type !== "VariableDeclarator" || n.start < where.start || n.end > place.start) continue;
    const name = nameOf(child(n, "id"));
    const init = child(n, "init");
    const block = source.parentOf(source.parentOf(n) ?? n);
    if (!init || source.functionOf(n) !== source.functionOf(place) || !block || block.end < place.end)
      continue;
    if (
      name !== undefined &&
      /^(http)?status(code)?$/i.test(name) &&
      /500|INTERNAL_SERVER_ERROR/.test(source.textOf(init))
    )
      return name;
  }
  return undefined;
}
