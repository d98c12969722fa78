import type { Edit } from "../../../src/finding.js";
import type { Node } from "../../../src/syntax/parse.js";
import { child, isFunction, list, nameOf, openSource, type Source } from "../../edit/source.js";
import type { ChainRepair } from "../../edit/repair.js";

/** Copies what the original carries to the function that takes its place. */
export const repairOwnProperties: ChainRepair = (
  { fn, call, link, names: [shape, framework], parts },
  project,
) => {
  const source = openSource(project, fn.module.file);
  if (!source) return undefined;
  const title = "Copy the properties of the original";
  if (shape === "library") {
    const edits = call && afterMade(source, call.at);
    return edits && { level: "review", title, edits };
  }
  const [original] = parts ?? [];
  if (!link?.maker || original?.k !== "id") {
    const edits = link && overMember(source, link.at);
    return edits && { level: "review", title, edits };
  }
  const maker = source.at(
    link.maker.at,
    "FunctionExpression",
    "ArrowFunctionExpression",
    "FunctionDeclaration",
  );
  const returned = maker ? returnedFunctions(source, maker) : [];
  if (returned.length === 0) return undefined;
  const isNest = shape === "handler" && framework?.startsWith("@nestjs/");
  const edits = isNest
    ? metadata(source, returned, original.name)
    : returned.flatMap((node) => described(source, node, original.name));
  return edits && { level: "review", title: isNest ? "Copy the metadata of the handler" : title, edits };
};

/** `Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(original))`. */
const described = (source: Source, { start, end }: Node, original: string): Edit[] => [
  source.insert(start, "Object.defineProperties("),
  source.insert(end, `, Object.getOwnPropertyDescriptors(${original}))`),
];

/** `timers.setTimeout = function () { ... }`: the member is still the original when the right side is evaluated. */
function overMember(source: Source, at: readonly [number, number]): Edit[] | undefined {
  const set = source.at(at, "AssignmentExpression");
  const right = child(set, "right");
  const left = child(set, "left");
  return left && right ? described(source, right, source.textOf(left)) : undefined;
}

/** What a function returns that is a function, or the name of one that is declared in it. */
function returnedFunctions(source: Source, maker: Node): Node[] {
  const body = child(maker, "body");
  if (!body) return [];
  if (body.type !== "BlockStatement") return isFunction(body) ? [body] : [];
  const found: Node[] = [];
  for (const node of source.nodes()) {
    if (node.type !== "ReturnStatement" || source.functionOf(node) !== maker) continue;
    const argument = child(node, "argument");
    const name = argument?.type === "Identifier" ? nameOf(argument) : undefined;
    if (argument && (isFunction(argument) || (name !== undefined && declares(source, maker, name))))
      found.push(argument);
  }
  return found.sort((a, b) => a.start - b.start);
}

function declares(source: Source, maker: Node, name: string): boolean {
  for (const node of source.nodes()) {
    if (source.functionOf(node) !== maker || nameOf(child(node, "id")) !== name) continue;
    const init = child(node, "init");
    if (node.type === "FunctionDeclaration" || (init && isFunction(init))) return true;
  }
  return false;
}

/** Before `return wrapped`: reflect-metadata keeps metadata beside the function, not on it. */
function metadata(source: Source, returned: readonly Node[], original: string): Edit[] | undefined {
  const { semicolon, indent } = source.style;
  const edits = returned.flatMap((node) => {
    const statement = source.parentOf(node);
    const name = nameOf(node);
    if (name === undefined || !statement || !source.isFirstOnLine(statement.start)) return [];
    const outer = source.indentAt(statement.start);
    const copied =
      `for (const key of Reflect.getMetadataKeys(${original})) {\n` +
      `${outer}${indent}Reflect.defineMetadata(key, Reflect.getMetadata(key, ${original}), ${name})${semicolon}\n${outer}}`;
    return [source.insert(statement.start, `${copied}\n${outer}`)];
  });
  return edits.length === returned.length ? edits : undefined;
}

/** After `const wrapped = wrapper(original)`: what the wrapper has itself stays, its `prototype` may not be replaced. */
function afterMade(source: Source, at: readonly [number, number]): Edit[] | undefined {
  const made = source.at(at, "CallExpression");
  const declarator = made && source.parentOf(made);
  const statement = declarator && source.parentOf(declarator);
  const wrapped = nameOf(child(declarator, "id"));
  const [given] = list(made, "arguments");
  const original = given && nameOf(given);
  if (!statement || wrapped === undefined || original === undefined) return undefined;
  if (declarator?.type !== "VariableDeclarator" || list(statement, "declarations").length !== 1)
    return undefined;
  const { semicolon, indent } = source.style;
  const outer = source.indentAt(statement.start);
  const descriptor = `Object.getOwnPropertyDescriptor(${original}, key)${source.isTypeScript ? "!" : ""}`;
  const copied = [
    `for (const key of Reflect.ownKeys(${original})) {`,
    `${indent}if (!(key in ${wrapped})) Object.defineProperty(${wrapped}, key, ${descriptor})${semicolon}`,
    "}",
  ];
  return [source.insert(statement.end, copied.map((line) => `\n${outer}${line}`).join(""))];
}
