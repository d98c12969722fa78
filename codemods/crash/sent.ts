import type { Edit } from "../../src/finding.js";
import type { Call, Module } from "../../src/syntax/ir.js";
import { child, list, type Source } from "../edit/source.js";
import { calling } from "./callback.js";
import type { Scene } from "./scene.js";
import { waitFor } from "./wait.js";

/**
 * A report that is a statement of its own, and whose end only a callback tells, is waited for.
 * @returns undefined where it is part of something else, or has a callback already
 */
export function waitForReport(scene: Scene, source: Source, module: Module, call: Call): Edit | undefined {
  const node = source.at(call.at, "CallExpression");
  const callee = child(node, "callee");
  if (!node || !callee || source.parentOf(node)?.type !== "ExpressionStatement") return undefined;
  const given = list(node, "arguments").map((a) => source.textOf(a));
  for (const v of scene.project.values.callee(call.callee, module)) {
    const facts =
      v.v === "member" ? v.member.facts : v.v === "sdk" && v.sdk.is === "call" ? v.sdk.facts : undefined;
    const promise = facts && calling(source, source.textOf(callee), facts, given);
    if (promise === undefined) continue;
    const indent = source.indentAt(node.start);
    const text = waitFor(source, promise).replaceAll("\n", `\n${indent}`);
    return source.replace(node.start, node.end, text);
  }
  return undefined;
}
