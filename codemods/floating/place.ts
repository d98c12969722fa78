import type { Edit } from "../../src/finding.js";
import { promiseCombinators, promiseMethods } from "../../src/knowledge/process.js";
import type { Node } from "../../src/syntax/parse.js";
import { calledName, child, isFunction, list, nameOf, type Source } from "../edit/source.js";

/** What becomes of a promise where it is made. */
export type Place = {
  /** The call with the `then`, `catch` and `finally` that are chained to it. */
  chain: Node;
  /** That, with the combinators around it and what is chained to them. */
  whole: Node;
  /** Its rejection is handled there. */
  caught: boolean;
} & (
  | { is: "awaited" }
  /** Returned: whoever runs the function gets it. `edits` take a `void` away that hid it. */
  | { is: "given"; fn: Node; edits: Edit[] }
  /** A statement takes nothing. `edits` put an `await` there. */
  | { is: "dropped"; fn: Node | undefined; statement: Node; edits: Edit[] }
);

const TRANSPARENT = new Set([
  "ChainExpression",
  "ArrayExpression",
  "TSAsExpression",
  "TSNonNullExpression",
  "TSSatisfiesExpression",
]);

/** Follows a promise outward; undefined where it is handed to something else. */
export function placeOf(source: Source, call: Node): Place | undefined {
  let at = call;
  let whole = call;
  let chain = call;
  let caught = isInTry(source, call);
  let hidden: Node | undefined;
  let operand: Node | undefined;
  let choice: Node | undefined;
  for (const up of source.ancestors(call)) {
    if (isFunction(up)) {
      if (up.type !== "ArrowFunctionExpression" || child(up, "body") !== at || operand || choice)
        return undefined;
      return { is: "given", fn: up, chain, whole, caught, edits: shown(source, hidden) };
    }
    switch (up.type) {
      case "AwaitExpression":
        return { is: "awaited", chain, whole, caught };
      case "ReturnStatement": {
        const fn = source.functionOf(up);
        return fn && !operand && !choice
          ? { is: "given", fn, chain, whole, caught, edits: shown(source, hidden) }
          : undefined;
      }
      case "ExpressionStatement": {
        const edits = [
          ...wrapped(source, choice ?? operand ?? whole, hidden, (choice ?? operand) !== undefined),
        ];
        return { is: "dropped", fn: source.functionOf(up), statement: up, chain, whole, caught, edits };
      }
      case "MemberExpression":
        if (child(up, "object") !== at || !promiseMethods.includes(nameOf(child(up, "property")) ?? ""))
          return undefined;
        break;
      case "CallExpression":
        if (child(up, "callee") === at) caught ||= handlesRejection(up);
        else if (list(up, "arguments")[0] === at && isCombinator(source, up))
          caught ||= calledName(up) === "allSettled";
        else return undefined;
        if (child(up, "callee") === at && chain === whole) chain = up;
        whole = up;
        break;
      case "UnaryExpression":
        if (up.operator !== "void") return undefined;
        hidden = up;
        break;
      case "LogicalExpression":
        if (child(up, "right") !== at) return undefined;
        operand ??= hidden ?? at;
        break;
      case "ConditionalExpression":
        if (child(up, "test") === at) return undefined;
        choice = up;
        break;
      default:
        if (!TRANSPARENT.has(up.type)) return undefined;
    }
    at = up;
  }
  return undefined;
}

/** `await` before an expression, in place of a `void`, with parentheses where it is part of a larger one. */
function wrapped(source: Source, node: Node, hidden: Node | undefined, inner: boolean): Edit[] {
  const argument = child(hidden, "argument");
  const open = inner ? "(await " : "await ";
  const conditional = node.type === "ConditionalExpression" ? "await (" : undefined;
  const edits =
    hidden && argument
      ? [source.replace(hidden.start, argument.start, conditional ?? open)]
      : [source.insert(node.start, conditional ?? open)];
  return inner ? [...edits, source.insert(node.end, ")")] : edits;
}

function shown(source: Source, hidden: Node | undefined): Edit[] {
  const argument = child(hidden, "argument");
  return hidden && argument ? [source.replace(hidden.start, argument.start, "")] : [];
}

const handlesRejection = (call: Node): boolean =>
  calledName(call) === "catch" || (calledName(call) === "then" && list(call, "arguments").length > 1);

function isCombinator(source: Source, call: Node): boolean {
  const callee = child(call, "callee");
  return (
    callee?.type === "MemberExpression" &&
    source.textOf(child(callee, "object") ?? callee) === "Promise" &&
    promiseCombinators.some((c) => c.name === nameOf(child(callee, "property")))
  );
}

/** A `catch` of the same function handles what is awaited there. */
export function isInTry(source: Source, node: Node): boolean {
  let below = node;
  for (const up of source.ancestors(node)) {
    if (isFunction(up)) return false;
    if (up.type === "TryStatement" && child(up, "handler") && child(up, "block") === below) return true;
    below = up;
  }
  return false;
}
