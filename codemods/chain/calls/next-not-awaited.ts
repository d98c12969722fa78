import { placeOf, useOf } from "../../../src/chain/calls/after.js";
import { carriersOf } from "../../../src/chain/spans.js";
import type { Edit } from "../../../src/finding.js";
import type { Call, Fn } from "../../../src/syntax/ir.js";
import { asyncEdits } from "../../edit/async.js";
import { list, openSource, type Source } from "../../edit/source.js";
import type { ChainRepair } from "../../edit/repair.js";

/** Waits for `next()`, and for the callback in which it runs; nothing where `next()` gives nothing to wait for. */
export const repairNextNotAwaited: ChainRepair = ({ fn, call, names: [miss] }, project) => {
  const source = openSource(project, fn.module.file);
  if (!source || !call || miss === "empty") return undefined;
  const title = "Wait for what comes next";
  const returned = miss === "carrier" && !fn.async ? returnIt(source, call, fn) : undefined;
  if (returned) return { level: "safe", title, edits: [returned] };
  const edits = awaitIt(source, call, fn);
  const outer = edits && fn.async ? [] : waitOutside(source, fn);
  if (!edits || !outer) return undefined;
  return { level: fn.async && outer.length === 0 ? "safe" : "review", title, edits: [...edits, ...outer] };
};

/** `await` before a call, in a function that can wait. */
function awaitIt(source: Source, call: Call, fn: Fn): Edit[] | undefined {
  const node = source.at(call.at, "CallExpression");
  const own = nodeOf(source, fn);
  if (!node || !own) return undefined;
  const asynchronous = fn.async ? [] : asyncEdits(source, own);
  const parent = source.parentOf(node);
  const wait =
    parent?.type === "UnaryExpression"
      ? source.replace(parent.start, node.start, "await ")
      : source.insert(node.start, "await ");
  return asynchronous && [...asynchronous, wait];
}

/** A callback has become asynchronous: whoever runs it has to be waited for as well, where nobody does yet. */
function waitOutside(source: Source, fn: Fn): Edit[] | undefined {
  const found: Edit[] = [];
  for (const carrier of carriersOf(fn)) {
    const at = fn.module.calls.find(({ call }) => call === carrier)?.fn;
    const place = at && placeOf(carrier, at);
    if (!at || !place || useOf(carrier, place) !== "dropped") continue;
    const edits = at.async ? awaitIt(source, carrier, at) : [returnIt(source, carrier, at)];
    if (!edits?.every((e) => e !== undefined)) return undefined;
    found.push(...edits);
  }
  return found;
}

/** `return` before a call that is the last statement of its function. */
function returnIt(source: Source, call: Call, fn: Fn): Edit | undefined {
  const last = list(source.at(fn.bodyAt, "BlockStatement"), "body").at(-1);
  const isLast = last?.type === "ExpressionStatement" && last.start === call.at[0];
  return isLast ? source.insert(last.start, "return ") : undefined;
}

const nodeOf = (source: Source, fn: Fn): ReturnType<Source["at"]> =>
  source.at(fn.at, "ArrowFunctionExpression", "FunctionExpression", "FunctionDeclaration");
