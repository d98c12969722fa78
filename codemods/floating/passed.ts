import type { Edit, Repair } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { calledName, child, list, nameOf, type Source } from "../edit/source.js";
import { calledAt } from "./called.js";
import { placeOf } from "./place.js";
import { writesArrows } from "./arrows.js";

/**
 * `flush().then(process.exit)` becomes `flush().finally(() => process.exit(0))`: the exit code no longer depends on what the
 * flush gives. `then` stays where a rejection takes another way out.
 * @param node the call of `then`, or the flush before it
 */
export function exitWithOwnCode(project: Project, source: Source, node: Node): Repair | undefined {
  const then = thenOf(source, node);
  const callee = child(then, "callee");
  const property = child(callee, "property");
  const before = child(callee, "object");
  const [exit, failed] = list(then, "arguments");
  if (!then || !property || !before || !exit) return undefined;
  const reference = referenceOf(exit);
  if (!reference) return undefined;
  // the program has chosen its exit code already
  const code = /\bprocess\.exitCode\b/.test(source.text) ? "" : isFailure(source, then) ? "1" : "0";
  const { semicolon } = source.style;
  const arrows = writesArrows(source);
  const call = `${source.textOf(reference)}(${code})`;
  const edits: Edit[] = [
    source.replace(exit.start, exit.end, arrows ? `() => ${call}` : `function () { ${call}${semicolon} }`),
  ];
  const place = placeOf(source, then);
  const other = failed !== undefined || (place !== undefined && handledLater(then, place.whole));
  if (!other && isFlush(project, source, before))
    edits.unshift(source.replace(property.start, property.end, "finally"));
  return { level: "review", title: "Exit with a code of its own", edits };
}

/** Stands where something has failed: in a `catch`, or in what is run for a rejection or a crash. */
function isFailure(source: Source, node: Node): boolean {
  let below = node;
  for (const up of source.ancestors(node)) {
    if (up.type === "CatchClause") return true;
    if (up.type === "CallExpression") {
      const at = list(up, "arguments").indexOf(below);
      const name = calledName(up);
      if ((name === "catch" && at === 0) || (name === "then" && at === 1)) return true;
      const [first] = list(up, "arguments");
      if (at > 0 && /uncaughtException|unhandledRejection/.test(first ? source.textOf(first) : ""))
        return true;
    }
    const named = up.type === "FunctionDeclaration" ? nameOf(child(up, "id")) : undefined;
    if (/fail|fatal|crash|abort|die|error/i.test(named ?? "")) return true;
    below = up;
  }
  return false;
}

function thenOf(source: Source, node: Node): Node | undefined {
  const isThen = (n: Node): boolean => calledName(n) === "then" && list(n, "arguments").length > 0;
  if (isThen(node)) return node;
  return [...source.ancestors(node)].find((n) => n.type === "CallExpression" && isThen(n));
}

/** `process.exit`, or what is bound to be called later: `process.exit.bind(process)`. */
function referenceOf(exit: Node): Node | undefined {
  if (exit.type === "MemberExpression" || exit.type === "Identifier") return exit;
  if (exit.type !== "CallExpression" || calledName(exit) !== "bind" || list(exit, "arguments").length > 1)
    return undefined;
  return child(child(exit, "callee"), "object");
}

/** A `catch` further down the chain decides about the end of a failed flush. */
function handledLater(then: Node, whole: Node): boolean {
  for (let at: Node | undefined = whole; at && at !== then; at = child(child(at, "callee"), "object"))
    if (nameOf(child(child(at, "callee"), "property")) === "catch") return true;
  return false;
}

/** What the chain begins with does nothing but flush, so that its failure is no failure of the program. */
function isFlush(project: Project, source: Source, chain: Node): boolean {
  let at: Node | undefined = chain;
  while (at?.type === "CallExpression" && /^(then|catch|finally)$/.test(calledName(at) ?? ""))
    at = child(child(at, "callee"), "object");
  if (at?.type === "ChainExpression") at = child(at, "expression");
  return at?.type === "CallExpression" && calledAt(project, source, at)?.target !== undefined;
}
