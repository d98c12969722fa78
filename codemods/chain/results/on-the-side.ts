import type { Edit } from "../../../src/finding.js";
import type { Node } from "../../../src/syntax/parse.js";
import { calledName, child, isFunction, list, nameOf, type Source } from "../../edit/source.js";
import { freeName, lastThrow, lineOf, nodesIn, returnsIn } from "../../edit/bodies.js";

const CHAINS = new Set(["then", "catch", "finally"]);

/**
 * `return promise.then(watch)` becomes `promise.then(watch).catch(() => {}); return promise;`. Undefined where the callbacks hand on
 * another value, or keep a failure to themselves.
 * @param call the outermost call of the chain
 */
export function onTheSide(source: Source, call: Node): Edit[] | undefined {
  const links = chainOf(call);
  const root = child(child(links.at(-1), "callee"), "object");
  if (!root || !links.every(handsOn)) return undefined;
  const whole = castsAround(source, call);
  const holder = source.parentOf(whole);
  const ending = { edits: links.flatMap(withoutThrows(source)), quiet: quietFor(links) };
  if (holder?.type === "ReturnStatement" && isInBlock(source, holder))
    return returned(source, holder, call, whole, root, ending);
  if (holder?.type === "VariableDeclarator") return declared(source, holder, call, whole, root, ending);
  return undefined;
}

/** The calls of `.then()`, `.catch()` and `.finally()` that end with this one, the last first. */
export function chainOf(call: Node): Node[] {
  const inner = child(child(call, "callee"), "object");
  return inner?.type === "CallExpression" && CHAINS.has(calledName(inner) ?? "")
    ? [call, ...chainOf(inner)]
    : [call];
}

function castsAround(source: Source, call: Node): Node {
  let whole = call;
  for (const up of source.ancestors(call)) {
    if (up.type !== "TSAsExpression") break;
    whole = up;
  }
  return whole;
}

const isInBlock = (source: Source, statement: Node): boolean =>
  /^(?:BlockStatement|Program|StaticBlock|SwitchCase)$/.test(source.parentOf(statement)?.type ?? "");

/** What goes in comes out: a value is returned as it came, a failure is thrown again. */
function handsOn(link: Node): boolean {
  const [first, second] = list(link, "arguments");
  const name = calledName(link);
  if (name === "finally") return true;
  if (name === "catch") return first !== undefined && throwsAgain(first);
  return (
    first !== undefined && isFunction(first) && returnsParameter(first) && (!second || throwsAgain(second))
  );
}

function returnsParameter(fn: Node): boolean {
  const [param] = list(fn, "params");
  const name = nameOf(param);
  const body = child(fn, "body");
  if (!name || !body || fn.generator === true) return false;
  if (body.type !== "BlockStatement") return nameOf(body) === name;
  const returned = returnsIn(body);
  const isWritten = nodesIn(body).some(
    (n) => n.type === "AssignmentExpression" && nameOf(child(n, "left")) === name,
  );
  return (
    !isWritten &&
    list(body, "body").at(-1)?.type === "ReturnStatement" &&
    returned.every((r) => nameOf(child(r, "argument")) === name)
  );
}

const throwsAgain = (fn: Node): boolean =>
  isFunction(fn) && lastThrow(fn) !== undefined && returnsIn(child(fn, "body")).length === 0;

/** Nobody listens to what the side throws. */
const withoutThrows =
  (source: Source) =>
  (link: Node): Edit[] =>
    list(link, "arguments").flatMap((fn) => {
      const last = isFunction(fn) ? lastThrow(fn) : undefined;
      return last && calledName(link) !== "finally" ? [source.replace(...lineOf(source, last), "")] : [];
    });

/** What the chain is changed by: its own edits, and what is put behind it. */
interface Ending {
  edits: Edit[];
  quiet: string;
}

/** A failure reaches the caller by the original; the side must not end the process with it. */
const quietFor = ([last]: Node[]): string => (last && calledName(last) === "catch" ? "" : ".catch(() => {})");

function returned(
  source: Source,
  statement: Node,
  call: Node,
  whole: Node,
  root: Node,
  ending: Ending,
): Edit[] | undefined {
  const { semicolon } = source.style;
  const indent = source.indentAt(statement.start);
  const named = nameOf(root) ?? freeName(source, statement, "pending");
  if (named === undefined) return undefined;
  const cast = source.text.slice(call.end, whole.end);
  const beginning =
    root.type === "Identifier"
      ? [source.replace(statement.start, root.start, "")]
      : [
          source.replace(statement.start, root.start, `const ${named} = `),
          source.insert(root.end, `${semicolon}\n${indent}${named}`),
        ];
  return [
    ...beginning,
    ...ending.edits,
    source.replace(
      call.end,
      statement.end,
      `${ending.quiet}${semicolon}\n${indent}return ${named}${cast}${semicolon}`,
    ),
  ];
}

/** `const watched = promise.then(watch)`: who asks for `watched` is given the promise. */
function declared(
  source: Source,
  declarator: Node,
  call: Node,
  whole: Node,
  root: Node,
  ending: Ending,
): Edit[] | undefined {
  const declaration = source.parentOf(declarator);
  const name = nameOf(child(declarator, "id"));
  const scope = source.functionOf(declarator);
  if (!declaration || list(declaration, "declarations").length !== 1 || !name || !scope) return undefined;
  if (declaration.kind !== "const" || !isInBlock(source, declaration)) return undefined;
  const { semicolon } = source.style;
  const indent = source.indentAt(declaration.start);
  const behind = source.replace(call.end, whole.end, ending.quiet);
  if (root.type !== "Identifier") {
    const cast = source.text.slice(call.end, whole.end);
    return [source.insert(root.end, `${cast}${semicolon}\n${indent}${name}`), ...ending.edits, behind];
  }
  const reads = nodesIn(child(scope, "body")).filter(
    (n) => n.type === "Identifier" && n.name === name && n !== child(declarator, "id"),
  );
  if (!reads.every((read) => isRead(source, read))) return undefined;
  return [
    source.replace(declaration.start, root.start, ""),
    ...ending.edits,
    behind,
    ...reads.map((read) => source.replace(read.start, read.end, source.textOf(root))),
  ];
}

/** A variable is read here, and nothing else is called so: no key, no declaration, no shorthand. */
function isRead(source: Source, name: Node): boolean {
  const holder = source.parentOf(name);
  if (!holder || /^(?:Property|VariableDeclarator|FormalParameter)$/.test(holder.type)) {
    return holder?.type === "VariableDeclarator" && child(holder, "init") === name;
  }
  return holder.type !== "MemberExpression" || child(holder, "object") === name;
}
