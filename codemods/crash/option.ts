import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { withoutProperty } from "../edit/property.js";
import { child, isFunction, list, nameOf, type Source } from "../edit/source.js";
import { nodesIn } from "../ending/page.js";
import type { Completed } from "./complete.js";
import { openAt, type Scene } from "./scene.js";

/** Sets the option with which the SDK ends the process after a crash, or takes the option away that makes it deaf. */
export function setOption(scene: Scene): Completed | undefined {
  const edits = editsFor(scene);
  return edits && { safe: false, edits };
}

function editsFor(scene: Scene): Edit[] | undefined {
  const { details, facts } = scene;
  const { source } = openAt(scene, details.fn) ?? {};
  const property = source && propertyAt(source, scene);
  if (!source || !property) return undefined;
  const value = child(property, "value")?.value;
  const deafening = (facts.options ?? []).some(
    (o) => o.property === details.option && o.off === value && o.off !== undefined,
  );
  if (deafening) return [withoutProperty(source, property)];
  const given = child(property, "value");
  if (given && isFunction(given)) return withDefaults(source, property, given);
  const { endsWith } = facts;
  if (!endsWith || endsWith.property.includes(".")) return undefined;
  const object = source.parentOf(property);
  const set = list(object, "properties").find((p) => nameOf(child(p, "key")) === endsWith.property);
  const old = set && child(set, "value");
  if (old) return [source.replace(old.start, old.end, "true")];
  const gap = source.isFirstOnLine(property.start) ? `\n${source.indentAt(property.start)}` : " ";
  return [source.insert(property.end, `,${gap}${endsWith.property}: true`)];
}

/**
 * A function that gives a list of its own becomes the list, which is added to the defaults; one that only filters crash listeners
 * away goes.
 */
function withDefaults(source: Source, property: Node, fn: Node): Edit[] | undefined {
  const body = child(fn, "body");
  const [defaults] = fn.params as Node[];
  if (body?.type === "ArrayExpression" && !defaults)
    return [source.replace(fn.start, fn.end, source.textOf(body))];
  const called = body?.type === "CallExpression" ? child(body, "callee") : undefined;
  const filters =
    nameOf(child(called, "property")) === "filter" &&
    defaults?.type === "Identifier" &&
    nameOf(child(called, "object")) === defaults.name;
  if (!filters || !body) return undefined;
  const words = [...nodesIn(body)].filter((n) => n.type === "Literal");
  const crashes = words.every((n) => /^On(UncaughtException|UnhandledRejection)$/.test(String(n.value)));
  return crashes && words.length > 0 ? [withoutProperty(source, property)] : undefined;
}

/** The property whose value, or whose whole, is reported. */
function propertyAt(source: Source, { details: { at, option } }: Scene): Node | undefined {
  const last = option?.split(".").at(-1);
  for (const node of source.nodes()) {
    if (node.type !== "Property" || nameOf(child(node, "key")) !== last) continue;
    const value = child(node, "value");
    const isValue = value?.start === at[0] && value.end === at[1];
    if (isValue || (node.start === at[0] && node.end === at[1])) return node;
  }
  return undefined;
}
