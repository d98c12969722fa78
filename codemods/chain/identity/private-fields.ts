import type { Edit } from "../../../src/finding.js";
import { child, list, nameOf, openSource, type Source } from "../../edit/source.js";
import type { Node } from "../../../src/syntax/parse.js";
import type { ChainRepair } from "../../edit/repair.js";

/** Reads the member of the target itself, and binds it to the target when it is a function. */
export const repairPrivateFields: ChainRepair = ({ fn, parts, names: [, how] }, project) => {
  const source = openSource(project, fn.module.file);
  const read = parts?.[0];
  const node = read && source?.at(read.at, "CallExpression", "MemberExpression");
  const trap = source?.at(fn.at, "FunctionExpression", "ArrowFunctionExpression", "FunctionDeclaration");
  if (!source || !node || !trap) return undefined;
  const target = readFrom(source, node);
  if (target === undefined) return undefined;
  const direct = directRead(source, node);
  if (how === "accessors")
    return { level: "review", title: "Read accessors of the target itself", edits: direct };
  const edits = bound(source, node, trap, target, direct);
  return edits && { level: "review", title: "Bind methods to the target", edits: [...edits] };
};

/** What the member is read from: `target[key]`, `Reflect.get(target, key, receiver)`. */
function readFrom(source: Source, node: Node): string | undefined {
  const from = node.type === "MemberExpression" ? child(node, "object") : list(node, "arguments")[0];
  if (!from) return undefined;
  const text = source.textOf(from);
  return /^[\w$.]+$/.test(text) ? text : undefined;
}

/** Without the receiver, so that accessors run on the target. */
function directRead(source: Source, node: Node): Edit[] {
  const [, key, receiver] = node.type === "CallExpression" ? list(node, "arguments") : [];
  if (!key || !receiver) return [];
  return [source.replace(key.end, receiver.end, ""), ...unusedParameter(source, receiver)];
}

/** The parameter of the trap that nobody reads any more goes as well, when it is the last one. */
function unusedParameter(source: Source, receiver: Node): Edit[] {
  const trap = source.functionOf(receiver);
  const name = nameOf(receiver);
  const params = list(trap, "params");
  const last = params.at(-1);
  const previous = params.at(-2);
  if (!trap || name === undefined || !last || !previous || nameOf(last) !== name) return [];
  const uses = source.textOf(trap).match(new RegExp(`\\b${name}\\b`, "g"));
  return uses?.length === 2 ? [source.replace(previous.end, last.end, "")] : [];
}

/** `return read` becomes a statement that reads, and one that binds what is a function. */
function bound(source: Source, node: Node, trap: Node, target: string, direct: Edit[]): Edit[] | undefined {
  const { semicolon, quote } = source.style;
  const held = holder(source, node);
  const text = (value: string): string =>
    `typeof ${value} === ${quote}function${quote} ? ${value}.bind(${target}) : ${value}`;
  if (held) {
    const returned = returnOf(source, trap, held);
    return returned && [...direct, source.replace(returned.start, returned.end, text(held))];
  }
  const whole = uncast(source, node);
  const parent = source.parentOf(whole);
  const value = freeName(source.textOf(trap));
  const read = edited(source, node, direct);
  const parameter = direct.slice(1);
  if (parent?.type === "ReturnStatement") {
    const indent = source.indentAt(parent.start);
    if (!source.isFirstOnLine(parent.start)) return undefined;
    return [
      ...parameter,
      source.replace(
        parent.start,
        parent.end,
        `const ${value} = ${read}${semicolon}\n${indent}return ${text(value)}${semicolon}`,
      ),
    ];
  }
  if (parent === trap && child(trap, "body") === whole) {
    const outerIndent = source.indentAt(trap.start);
    const inner = outerIndent + source.style.indent;
    return [
      ...parameter,
      source.replace(
        whole.start,
        whole.end,
        `{\n${inner}const ${value} = ${read}${semicolon}\n${inner}return ${text(value)}${semicolon}\n${outerIndent}}`,
      ),
    ];
  }
  return undefined;
}

const WRAPPERS = new Set([
  "TSAsExpression",
  "TSNonNullExpression",
  "TSSatisfiesExpression",
  "ParenthesizedExpression",
  "TSTypeAssertion",
]);

/** The read with the casts around it. */
function uncast(source: Source, node: Node): Node {
  const parent = source.parentOf(node);
  return parent && WRAPPERS.has(parent.type) ? uncast(source, parent) : node;
}

/** The read as it is to be: `Reflect.get(target, key)`. */
function edited(source: Source, node: Node, direct: Edit[]): string {
  if (node.type === "MemberExpression") {
    const key = child(node, "property");
    return `Reflect.get(${source.textOf(child(node, "object") ?? node)}, ${key ? keyText(source, key) : ""})`;
  }
  const [cut] = direct;
  if (!cut) return source.textOf(node);
  return source.text.slice(node.start, cut.start) + source.text.slice(cut.end, node.end);
}

/** The key without a cast. */
const keyText = (source: Source, key: Node): string => {
  const inner = WRAPPERS.has(key.type) ? child(key, "expression") : undefined;
  return inner ? keyText(source, inner) : source.textOf(key);
};

/** The constant that holds the read. */
function holder(source: Source, node: Node): string | undefined {
  const parent = source.parentOf(uncast(source, node));
  return parent?.type === "VariableDeclarator" ? nameOf(child(parent, "id")) : undefined;
}

/** What the last `return` of the trap says, when that is the constant and nothing else. */
function returnOf(source: Source, trap: Node, name: string): Node | undefined {
  const last = list(child(trap, "body"), "body").at(-1);
  const argument = last?.type === "ReturnStatement" ? child(last, "argument") : undefined;
  return argument && nameOf(argument) === name ? argument : undefined;
}

/** A name that the trap does not say yet. */
const freeName = (text: string): string =>
  ["value", "member", "found"].find((name) => !new RegExp(`\\b${name}\\b`).test(text)) ?? "memberOfTarget";
