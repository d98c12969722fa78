import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, isFunction, list, nameOf, type Source } from "../edit/source.js";

/** The events for which a loop registers one listener. */
export interface EventList {
  /** The statement that loops over them. */
  loop: Node;
  count: number;
  has(event: string): boolean;
  /** The edit that leaves the event out. */
  without: Edit;
  /** The edit that puts another in its place. */
  instead(text: string): Edit;
}

/**
 * The list behind an event that is a variable: `for (const event of ["SIGTERM", "exit"]) process.on(event, stop)`.
 * @returns undefined where the list is not written in the file, or does not name the event
 */
export function eventList(source: Source, event: Node, name: string): EventList | undefined {
  const found = event.type === "Identifier" ? listOf(source, event, event.name as string) : undefined;
  const items = list(found?.array, "elements");
  const at = items.findIndex((i) => i.value === name);
  const item = items[at];
  if (!found || !item || items.length < 2) return undefined;
  const next = items[at + 1];
  const previous = items[at - 1];
  return {
    loop: found.loop,
    count: items.length,
    has: (other) => items.some((i) => i.value === other),
    without: next
      ? source.replace(item.start, next.start, "")
      : source.replace(previous?.end ?? item.start, item.end, ""),
    instead: (text) => source.replace(item.start, item.end, text),
  };
}

function listOf(source: Source, from: Node, name: string): { array: Node; loop: Node } | undefined {
  for (const up of source.ancestors(from)) {
    if (up.type === "ForOfStatement" && declares(child(up, "left"), name)) {
      const array = arrayOf(source, child(up, "right"));
      return array && { array, loop: up };
    }
    if (!isFunction(up) || !(up.params as Node[]).some((p) => nameOf(p) === name)) continue;
    const call = source.parentOf(up);
    const callee = child(call, "callee");
    const array = callee?.type === "MemberExpression" ? arrayOf(source, child(callee, "object")) : undefined;
    const loop = call && source.parentOf(call);
    return array && loop && { array, loop };
  }
  return undefined;
}

const declares = (declaration: Node | undefined, name: string): boolean =>
  list(declaration, "declarations").some((d) => nameOf(child(d, "id")) === name);

function arrayOf(source: Source, node: Node | undefined): Node | undefined {
  if (node?.type === "ArrayExpression") return node;
  if (node?.type.startsWith("TS")) return arrayOf(source, child(node, "expression"));
  if (node?.type !== "Identifier") return undefined;
  for (const s of list(source.program, "body"))
    for (const d of list(s, "declarations"))
      if (nameOf(child(d, "id")) === node.name && usedOnce(source, node.name as string))
        return arrayOf(source, child(d, "init"));
  return undefined;
}

/** Declared, and read in one place: nobody else relies on the list. */
const usedOnce = (source: Source, name: string): boolean =>
  [...source.nodes()].filter((n) => n.type === "Identifier" && n.name === name).length === 2;
