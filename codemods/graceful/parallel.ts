import type { Edit } from "../../src/finding.js";
import type { CompetingShutdown } from "../../src/program/details.js";
import type { Node } from "../../src/syntax/parse.js";
import { calledName, child, list } from "../edit/source.js";
import { linesOf } from "../ending/lines.js";
import { statementsOf, type Page } from "../ending/page.js";

/** Takes the close of telemetry out of a `Promise.all` with what is drained, and puts it behind that. */
export function closeAfterAll(page: Page, { close, ending }: CompetingShutdown): Edit[] | undefined {
  const calls = close?.call
    ? [close.call, ...(ending?.reached.find((r) => r.call === close.call)?.path ?? [])]
    : [];
  for (const call of calls) {
    const node = page.callAt(call.at);
    const found = node && elementOf(page, node);
    const edits = found && taken(page, found.all, found.element);
    if (edits) return edits;
  }
  return undefined;
}

/** The element of a list handed to `Promise.all` in which a call stands. */
function elementOf(page: Page, node: Node): { all: Node; element: Node } | undefined {
  let element = node;
  for (const up of page.ancestors(node)) {
    const all = up.type === "ArrayExpression" ? page.parentOf(up) : undefined;
    if (all?.type === "CallExpression" && /^(all|allSettled)$/.test(calledName(all) ?? ""))
      return { all, element };
    element = up;
  }
  return undefined;
}

function taken(page: Page, all: Node, element: Node): Edit[] | undefined {
  const elements = list(list(all, "arguments")[0], "elements");
  const left = elements.filter((e) => e !== element);
  const [only] = left;
  if (!only) return undefined;
  const rest =
    left.length === 1 && calledName(all) === "all"
      ? page.replace(all.start, all.end, page.textOf(only))
      : page.replace(...without(page, element, elements), "");
  const close = page.textOf(element);
  const waits = page.parentOf(all);
  const statement = waits && page.parentOf(waits);
  const siblings = statement && statementsOf(page.parentOf(statement));
  if (waits?.type === "AwaitExpression" && statement?.type === "ExpressionStatement" && siblings) {
    const lines = linesOf(page, statement, siblings);
    if (!lines) return undefined;
    return [rest, page.insert(lines.end, `\n${lines.indent}await ${close}${page.style.semicolon}`)];
  }
  // a chain goes on once telemetry is closed as well
  return waits?.type === "MemberExpression" && child(waits, "object") === all && left.length > 1
    ? [rest, page.insert(all.end, `.then(() => ${close})`)]
    : undefined;
}

/** The range of an element with the comma and the space that belong to it. */
function without(page: Page, element: Node, elements: readonly Node[]): [number, number] {
  const index = elements.indexOf(element);
  const next = elements[index + 1];
  if (next) return [element.start, next.start];
  const previous = elements[index - 1];
  const comma = /^\s*,/.exec(page.text.slice(element.end));
  const isListed = page.isFirstOnLine(element.start);
  return isListed && comma
    ? [previous?.end ?? element.start, element.end]
    : [previous?.end ?? element.start, element.end];
}
