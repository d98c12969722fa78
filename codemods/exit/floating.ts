import type { CallFacts, Vendor } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { calledName, child, list, type Source } from "../edit/source.js";
import { helperOf } from "../flush/helpers.js";
import { factsOf } from "../flush/versions.js";
import { canReject, missingLimit, type Target, writeFlush } from "../flush/write.js";
import { type Site, siblingsOf } from "./site.js";

/** A flush that was started right before an exit, and that nobody waits for. */
export interface Floating {
  statement: Node;
  /** The expression without a `void` before it. */
  expression: Node;
  /** What `await` should wait for. */
  awaited: string;
  /** The handle may be undefined, and the expression no promise. */
  optional: boolean;
  toCallback?: (fn: string) => string;
}

/** Statements between a floating flush and the exit that only talk. */
const TALK = /^(console|log|logger|process\.std(out|err))\b/;

export function floatingBefore(project: Project, site: Site, vendor: Vendor): Floating | undefined {
  const { source, node, form } = site;
  const siblings = form === "statement" ? siblingsOf(source, node) : undefined;
  if (!siblings) return undefined;
  for (const statement of siblings.slice(0, siblings.indexOf(node)).reverse()) {
    const found = floatingIn(project, source, statement, vendor);
    if (found) return found;
    if (!TALK.test(source.textOf(statement))) return undefined;
  }
  return undefined;
}

function floatingIn(project: Project, source: Source, statement: Node, vendor: Vendor): Floating | undefined {
  if (statement.type !== "ExpressionStatement") return undefined;
  let expression = child(statement, "expression");
  if (expression?.type === "UnaryExpression" && expression.operator === "void")
    expression = child(expression, "argument");
  if (!expression) return undefined;
  const { call, caught, chained } = rootCall(expression);
  const module = project.module(source.file);
  const known = call && module?.calls.find((c) => c.call.at[0] === call.start && c.call.at[1] === call.end);
  if (!module || !known || !call) return undefined;
  const text = source.textOf(expression);
  const optional = text.includes("?.");
  for (const value of project.values.of(known.call.callee, module)) {
    if (value.v === "fn") {
      const helper = helperOf(project, value.fn, vendor);
      if (!helper) continue;
      const awaited =
        helper.rejects && !caught ? `${text}${helper.mayGiveNothing ? "?" : ""}.catch(console.error)` : text;
      return { statement, expression, awaited, optional: optional || helper.mayGiveNothing };
    }
    const facts =
      value.v === "member"
        ? factsOf(project, source.file, value.member)
        : value.v === "sdk" && value.sdk.is === "call"
          ? value.sdk.facts
          : undefined;
    if (!facts || (facts.role !== "flush" && facts.role !== "close")) continue;
    const target = targetOf(
      source,
      call,
      facts,
      vendor,
      value.v === "member" ? value.member.cls.facts.part : undefined,
    );
    return {
      statement,
      expression,
      optional,
      ...written(source, target, { call, text, caught, chained, at: expression.start }),
    };
  }
  return undefined;
}

function targetOf(
  source: Source,
  call: Node,
  facts: CallFacts,
  vendor: Vendor,
  part: string | undefined,
): Target {
  const callee = child(call, "callee");
  const object = callee?.type === "MemberExpression" ? child(callee, "object") : undefined;
  const pipeline = part === "sdk" || part === "provider" || part === "processor" || part === "reader";
  return {
    handle: object ? source.textOf(object) : "",
    name: calledName(call) ?? "",
    facts,
    vendor,
    pipeline,
    optional: false,
  };
}

/** The text of the flush that is there, with what it lacks. */
function written(
  source: Source,
  target: Target,
  {
    call,
    text,
    caught,
    chained,
    at,
  }: { call: Node; text: string; caught: boolean; chained: boolean; at: number },
): Pick<Floating, "awaited" | "toCallback"> {
  const { facts } = target;
  if (facts.style === "callback" && !chained) {
    const fresh = writeFlush(source, target);
    return fresh?.toCallback
      ? { awaited: fresh.awaited, toCallback: fresh.toCallback }
      : { awaited: fresh?.awaited ?? text };
  }
  const limit = list(call, "arguments").length === 0 ? missingLimit(source, target) : "";
  const open = call.end - 1 - at;
  let awaited = limit === "" ? text : text.slice(0, open) + limit + text.slice(open);
  if (facts.style === "wrapper") awaited += ".promise";
  return { awaited: canReject(target) && !caught ? `${awaited}.catch(console.error)` : awaited };
}

/** The first call of `f().then(a).catch(b)`. */
function rootCall(expression: Node): { call: Node | undefined; caught: boolean; chained: boolean } {
  let node: Node | undefined = expression;
  let caught = false;
  let chained = false;
  for (;;) {
    if (node?.type === "ChainExpression") node = child(node, "expression");
    if (node?.type !== "CallExpression") return { call: undefined, caught, chained };
    const callee = child(node, "callee");
    const name = calledName(node) ?? "";
    if (callee?.type !== "MemberExpression" || !/^(then|catch|finally)$/.test(name))
      return { call: node, caught, chained };
    chained = true;
    caught ||= name === "catch" || (name === "then" && list(node, "arguments").length > 1);
    node = child(callee, "object");
  }
}
