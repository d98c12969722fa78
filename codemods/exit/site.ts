import type { Node } from "../../src/syntax/parse.js";
import { child, isFunction, list, type Source } from "../edit/source.js";

/** Where a call stands whose function never comes back, and what has to be rewritten to wait before it. */
export interface Site {
  source: Source;
  call: Node;
  /** The innermost function around it; undefined for the top level of the file. */
  fn: Node | undefined;
  /**
   * `statement`: the statement does nothing else. `concise`: the whole body of an arrow function. `guard`: the right side
   * of `test && call()` as a statement.
   */
  form: "statement" | "concise" | "guard";
  /** The statement, or the body of the arrow function. */
  node: Node;
}

const PASSED_THROUGH = new Set([
  "ChainExpression",
  "ParenthesizedExpression",
  "TSAsExpression",
  "TSNonNullExpression",
  "TSSatisfiesExpression",
  "AwaitExpression",
]);

/** Undefined where the call is part of a larger expression, before which nothing can be waited for. */
export function siteOf(source: Source, call: Node): Site | undefined {
  let node = call;
  let guarded = false;
  for (const up of source.ancestors(call)) {
    if (isFunction(up)) {
      const concise = up.type === "ArrowFunctionExpression" && child(up, "body") === node;
      return concise && !guarded ? { source, call, fn: up, form: "concise", node } : undefined;
    }
    if (up.type === "ExpressionStatement" || up.type === "ReturnStatement") {
      const fn = source.functionOf(up);
      if (guarded && up.type === "ReturnStatement") return undefined;
      return { source, call, fn, form: guarded ? "guard" : "statement", node: up };
    }
    if (up.type === "UnaryExpression" && up.operator === "void") node = up;
    else if (PASSED_THROUGH.has(up.type)) node = up;
    else if (up.type === "ConditionalExpression" && isOnlyCalls(source, up, call)) node = up;
    else if (
      up.type === "LogicalExpression" &&
      up.operator === "&&" &&
      child(up, "right") === node &&
      !guarded
    ) {
      guarded = true;
      node = up;
    } else return undefined;
  }
  return undefined;
}

/** Every branch of a conditional calls the same function as `call`. */
function isOnlyCalls(source: Source, node: Node, call: Node): boolean {
  const callee = child(call, "callee");
  const isSame = (branch: Node | undefined): boolean => {
    if (branch?.type === "ConditionalExpression")
      return isSame(child(branch, "consequent")) && isSame(child(branch, "alternate"));
    const other = child(branch, "callee");
    return (
      !!callee &&
      !!other &&
      branch?.type === "CallExpression" &&
      source.textOf(other) === source.textOf(callee)
    );
  };
  return isSame(node);
}

/** The statements among which a statement stands; undefined when it is the only one, without braces. */
export function siblingsOf(source: Source, statement: Node): Node[] | undefined {
  const parent = source.parentOf(statement);
  if (!parent) return undefined;
  if (parent.type === "SwitchCase") return list(parent, "consequent");
  return parent.type === "BlockStatement" || parent.type === "Program" || parent.type === "StaticBlock"
    ? list(parent, "body")
    : undefined;
}

/** Nothing of the function runs any more once the statement is done. */
export function isTail(source: Source, statement: Node): boolean {
  let node = statement;
  for (;;) {
    const siblings = siblingsOf(source, node);
    if (siblings) {
      const next = siblings.slice(siblings.indexOf(node) + 1).find((s) => s.type !== "FunctionDeclaration");
      if (next?.type === "ReturnStatement" && !child(next, "argument")) return true;
      if (next && next.type !== "BreakStatement" && next.type !== "EmptyStatement") return false;
      if (next?.type === "BreakStatement" && child(next, "label")) return false;
    }
    const up = source.parentOf(node);
    if (!up || up.type === "Program") return true;
    if (isFunction(up)) return true;
    switch (up.type) {
      case "BlockStatement":
      case "IfStatement":
        break;
      case "SwitchCase": {
        const parent = source.parentOf(up);
        const falls =
          siblings?.at(-1)?.type !== "BreakStatement" && parent && list(parent, "cases").at(-1) !== up;
        if (falls) return false;
        break;
      }
      case "SwitchStatement":
        break;
      case "CatchClause":
        break;
      case "TryStatement": {
        const finalizer = child(up, "finalizer");
        if (finalizer && finalizer !== node) return false;
        break;
      }
      default:
        return false;
    }
    node = up;
  }
}
