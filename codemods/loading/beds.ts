import type { Span } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, isFunction, list, type Source } from "../edit/source.js";
import { declaredBy, ownNodes } from "./names.js";
import type { Scene } from "./scene.js";
import type { Bed } from "./slice.js";

/** A list of statements, and those from which everything starts. */
export interface Start {
  bed: Bed;
  seeds: Node[];
  /** It is moved as a function of its own, which must do nothing but start telemetry. */
  alone: boolean;
}

/** From where a start may be moved: the call of the function in which it stands, or its own statement. */
export function bedsOf({ source, patchings }: Scene, at: Span): Start[] {
  const body = list(source.program, "body");
  const holding = (statements: readonly Node[], [start, end]: Span): Node | undefined =>
    statements.find((s) => s.start <= start && end <= s.end);
  const own = holding(body, at);
  if (!own) return [];
  const made = patchings.flatMap((p) => p.made).filter(({ fn }) => fn.module.file === source.file);
  const withMade = (statements: readonly Node[], fnAt: Node | undefined): Node[] =>
    made.flatMap(({ call, fn }) =>
      (fnAt === undefined ? fn.kind === "module" : fnAt.start <= call.at[0] && call.at[1] <= fnAt.end)
        ? (holding(statements, call.at) ?? [])
        : [],
    );
  const top: Bed = { statements: body, inside: undefined };
  const fn = outermostFunction(source, own, at);
  if (!fn) return [{ bed: top, seeds: [own, ...withMade(body, undefined)], alone: false }];
  const call = callOf(source, body, own, fn);
  if (!call) return [];
  const found: Start[] = [];
  if (call !== own) found.push({ bed: top, seeds: [call, ...withMade(body, undefined)], alone: true });
  const block = child(fn, "body");
  const statements = list(block, "body");
  const seed = holding(statements, at);
  if (seed && !isGuarded(source, statements, seed))
    found.push({
      bed: { statements, inside: own },
      seeds: [seed, ...withMade(statements, block), ...withMade(body, undefined)],
      alone: false,
    });
  return found;
}

/** The outermost function of a statement around a place. */
function outermostFunction(source: Source, own: Node, [start, end]: Span): Node | undefined {
  let found: Node | undefined;
  for (const node of source.nodes())
    if (
      isFunction(node) &&
      own.start <= node.start &&
      node.end <= own.end &&
      node.start <= start &&
      end <= node.end
    )
      if (!found || node.end - node.start > found.end - found.start) found = node;
  return found;
}

/** The statement that calls a function whenever its file is loaded, and nothing else does. */
function callOf(source: Source, body: readonly Node[], own: Node, fn: Node): Node | undefined {
  const names =
    fn.type === "FunctionDeclaration" || own.type === "VariableDeclaration" ? declaredBy(own) : [];
  const calls = [...source.nodes()].filter((node) => {
    if (node.type !== "CallExpression") return false;
    const callee = child(node, "callee");
    return callee === fn || (callee?.type === "Identifier" && names.includes(callee.name as string));
  });
  const [only] = calls;
  if (!only || calls.length > 1 || list(only, "arguments").length > list(fn, "params").length)
    return undefined;
  const statement = body.find((s) => s.start <= only.start && only.end <= s.end);
  if (statement?.type !== "ExpressionStatement") return undefined;
  return leftmostCall(child(statement, "expression")) === only ? statement : undefined;
}

/** `main()`, `void main()`, `await main()`, `main().catch(log)`. */
function leftmostCall(e: Node | undefined): Node | undefined {
  for (let at = e; at;) {
    if (at.type === "CallExpression") {
      const callee = child(at, "callee");
      if (callee?.type !== "MemberExpression") return at;
      at = child(callee, "object");
    } else
      at = /^(Unary|Await|Chain|Parenthesized)Expression$/.test(at.type)
        ? (child(at, "argument") ?? child(at, "expression"))
        : undefined;
  }
  return undefined;
}

/** Something before the statement may leave the function. */
function isGuarded(source: Source, statements: readonly Node[], seed: Node): boolean {
  return statements.some(
    (s) =>
      s.end <= seed.start &&
      [...ownNodes(source, s)].some((n) => n.type === "ReturnStatement" || n.type === "ThrowStatement"),
  );
}
