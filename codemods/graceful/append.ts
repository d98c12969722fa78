import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { reindented, withParentheses } from "../edit/insert.js";
import { child, list } from "../edit/source.js";
import type { Page } from "../ending/page.js";

/**
 * Puts statements (without their semicolons) behind all that a function does; an arrow function with an expression for a
 * body gets a block. The function has to be async, or to become so.
 * @returns undefined where the function leaves before its end
 */
export function appendTo(page: Page, fn: Node, statements: readonly string[]): Edit[] | undefined {
  const body = child(fn, "body");
  if (!body) return undefined;
  const { semicolon, indent } = page.style;
  const outer = page.indentAt(fn.start);
  const written = (inner: string): string => statements.map((s) => `${s}${semicolon}`).join(`\n${inner}`);
  if (body.type !== "BlockStatement") return [concise(page, fn, body, written(outer + indent))];
  const last = list(body, "body").at(-1);
  if (!last)
    return [page.replace(body.start, body.end, `{\n${outer}${indent}${written(outer + indent)}\n${outer}}`)];
  if (last.type === "ThrowStatement") return undefined;
  const inner = page.isFirstOnLine(last.start) ? page.indentAt(last.start) : outer + indent;
  if (last.type === "ReturnStatement") {
    const value = child(last, "argument");
    if (!value) return [page.insert(last.start, `${written(inner)}\n${inner}`)];
    return [
      page.replace(
        last.start,
        last.end,
        `await ${page.textOf(value)}${semicolon}\n${inner}${written(inner)}`,
      ),
    ];
  }
  const line = `${inner}${written(inner)}`;
  const closing = page.lineStart(body.end - 1);
  if (closing > last.end - 1 && page.isFirstOnLine(body.end - 1)) return [page.insert(closing, `${line}\n`)];
  const kept = page.text.slice(body.start + 1, last.end).trim();
  if (kept.includes("\n")) return undefined;
  return [page.replace(body.start, body.end, `{\n${inner}${kept}\n${line}\n${outer}}`)];
}

/** `() => app.close()` waits for that, then for the statement. */
function concise(page: Page, fn: Node, body: Node, statements: string): Edit {
  const { semicolon, indent } = page.style;
  const outer = page.indentAt(fn.start);
  const inner = outer + indent;
  const [start, end] = withParentheses(page, body, fn);
  const isWaited =
    /^(AwaitExpression|Literal|Identifier)$/.test(body.type) ||
    /^(console|log(ger)?)\./.test(page.textOf(body));
  const kept = reindented(page.textOf(body), page.indentAt(body.start), inner);
  const first = `${isWaited || body.type === "UnaryExpression" ? "" : "await "}${kept}${semicolon}`;
  return page.replace(start, end, `{\n${inner}${first}\n${inner}${statements}\n${outer}}`);
}
