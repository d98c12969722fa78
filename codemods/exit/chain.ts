import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { thunk } from "../edit/insert.js";
import { child, type Source } from "../edit/source.js";
import type { FlushText } from "../flush/write.js";
import { MAX_CALLERS, useOf } from "./awaiting.js";
import { isListener, mentionsOf } from "./callers.js";
import type { Floating } from "./floating.js";
import { isTail, type Site, siblingsOf, siteOf } from "./site.js";

/**
 * The exit moved behind the flush without `await`: into its callback, or into a `finally` of its promise. Only where
 * nothing of the program runs between the two. Undefined where something might.
 */
export function chained(
  project: Project,
  site: Site,
  flush: FlushText,
  floating: Floating | undefined,
): Edit[] | undefined {
  const { source, node, call, form } = site;
  if (form === "guard" || flush.optional || !isLastOfAll(project, site, 0)) return undefined;
  const exit = thunk(source, source.textOf(call));
  const statement = flush.toCallback ? flush.toCallback(exit) : `${flush.awaited}.finally(${exit})`;
  if (form === "concise") return floating ? undefined : [source.replace(node.start, node.end, statement)];
  const { semicolon } = source.style;
  if (floating) {
    const siblings = siblingsOf(source, node) ?? [];
    const between = siblings.slice(siblings.indexOf(floating.statement) + 1, siblings.indexOf(node));
    const lead = source.text.slice(floating.statement.start, floating.expression.start);
    if (between.length === 0)
      return [
        source.replace(floating.statement.start, node.end, `${lead}${statement}${ending(source, node)}`),
      ];
    return [
      removed(source, floating.statement),
      source.replace(node.start, node.end, `${lead}${statement}${ending(source, node)}`),
    ];
  }
  const lead = source.isTypeScript && !flush.toCallback ? "void " : "";
  if (siblingsOf(source, node) || !node)
    return [source.replace(node.start, node.end, `${lead}${statement}${semicolon}`)];
  return [source.replace(node.start, node.end, `${lead}${statement}${ending(source, node)}`)];
}

const ending = (source: Source, node: Node): string => (source.text[node.end - 1] === ";" ? ";" : "");

/** A statement taken away together with its line. */
export function removed(source: Source, statement: Node): Edit {
  const rest = /^[ \t]*\r?\n/.exec(source.text.slice(statement.end));
  const whole = source.isFirstOnLine(statement.start) && rest;
  return whole
    ? source.replace(source.lineStart(statement.start), statement.end + rest[0].length, "")
    : source.replace(statement.start, statement.end, "");
}

/** The exit ends its function, and whoever called that function ends with the call. */
function isLastOfAll(project: Project, { source, node, fn, form }: Site, depth: number): boolean {
  if (depth > MAX_CALLERS) return false;
  if (form === "statement" && !isTail(source, node)) return false;
  if (!fn) return depth > 0;
  if (child(child(fn, "returnType"), "typeAnnotation")?.type === "TSNeverKeyword") return false;
  const use = useOf(project, source, fn);
  if (use === "later") return true;
  // a promise chain goes on once its callback has returned
  if (use === "settles") return depth === 0 && endsChain(source, fn);
  if (use !== "named") return false;
  const mentions = mentionsOf(project, source, fn);
  return (
    mentions?.every((mention) => {
      const call = mention.source.parentOf(mention.node);
      if (!call || isListener(project, mention.source, call, mention.node)) return call !== undefined;
      if (call.type !== "CallExpression" || child(call, "callee") !== mention.node) return false;
      const caller = siteOf(mention.source, call);
      if (!caller) return false;
      const above = caller.fn && useOf(project, mention.source, caller.fn);
      // a callback of the program's own function: what it is called by is done with it when it has returned
      if (caller.fn && above === undefined && isArgument(mention.source, caller.fn))
        return caller.form === "concise" || isTail(mention.source, caller.node);
      return isLastOfAll(project, caller, depth + 1);
    }) === true
  );
}

const isArgument = (source: Source, fn: Node): boolean => source.parentOf(fn)?.type === "CallExpression";

/** Nothing is chained to the promise that the callback belongs to, and nobody awaits it. */
function endsChain(source: Source, fn: Node): boolean {
  const call = source.parentOf(fn);
  let up = call && source.parentOf(call);
  if (up?.type === "ChainExpression") up = source.parentOf(up);
  if (up?.type === "UnaryExpression" && up.operator === "void") up = source.parentOf(up);
  return up?.type === "ExpressionStatement";
}
