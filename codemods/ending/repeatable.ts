import type { Edit } from "../../src/finding.js";
import type { CallFacts } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";
import type { Report } from "../../src/program/view.js";
import type { Node } from "../../src/syntax/parse.js";
import { memberWithRole, type NamedCall } from "./members.js";
import { pathToCall, type Source } from "./source.js";
import { nameOf } from "./statement.js";

/** Milliseconds that a flush between two events may take where it has no limit of its own. */
const FLUSH_MILLIS = 3000;

/** Turns a terminal close into the flush of the same client that may be repeated; undefined when it has none. */
export function flushInstead(source: Source, report: Report, project: Project): Edit[] | undefined {
  const { call, hit } = report;
  const flush = call && flushOf(report, project);
  if (!call || !flush || !hit.facts) return undefined;
  const path = pathToCall(source.program, call.at);
  const node = path.at(-1);
  const callee = node?.callee as Node | undefined;
  if (!node || callee?.type !== "MemberExpression" || callee.computed === true) return undefined;
  const { file, text } = source;
  const property = callee.property as Node;
  const open = text.indexOf("(", property.end);
  const args = node.arguments as Node[];
  const given = text.slice(args[0]?.start ?? 0, args.at(-1)?.end ?? 0);
  const limit = sameLimit(hit.facts, flush.facts) && given !== "" ? given : limitOf(flush.facts);
  const caught = flush.facts.rejects === true && hit.facts.rejects !== true && !isCaught(path);
  return [
    { file, start: property.start, end: property.end, text: flush.name },
    { file, start: open, end: node.end, text: `(${limit})${caught ? ".catch(console.error)" : ""}` },
  ].filter((edit) => text.slice(edit.start, edit.end) !== edit.text);
}

function flushOf({ hit }: Report, project: Project): NamedCall | undefined {
  const { value } = hit;
  if (value?.v === "member") return memberWithRole(project, value.member.cls, "flush");
  if (value?.v !== "sdk" || value.sdk.is !== "call" || value.sdk.name.includes(".")) return undefined;
  for (const [name, facts] of Object.entries(value.sdk.pkg.exports))
    if (facts.kind === "function" && facts.role === "flush" && facts.style === "promise" && !name.includes(".")) return { name, facts };
  return undefined;
}

function sameLimit(close: CallFacts, flush: CallFacts): boolean {
  if (!close.timeout || !flush.timeout) return false;
  return close.timeout.argument === flush.timeout.argument && close.timeout.property === flush.timeout.property;
}

/** A limit for a flush that would wait without end. */
function limitOf({ timeout }: CallFacts): string {
  if (!timeout || timeout.defaultMillis !== null || timeout.argument !== 0) return "";
  const time = String(timeout.unit === "s" ? FLUSH_MILLIS / 1000 : FLUSH_MILLIS);
  return timeout.property === undefined ? time : `{ ${timeout.property}: ${time} }`;
}

/** A failure of the call is handled: by a `.catch` behind it or a `try` around it. */
function isCaught(path: readonly Node[]): boolean {
  const call = path.at(-1);
  const member = path.at(-2);
  if (member?.type === "MemberExpression" && member.object === call && nameOf(member.property as Node) === "catch") return true;
  return path.some((node, i) => node.type === "TryStatement" && node.handler !== null && path[i + 1] === node.block);
}
