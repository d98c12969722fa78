import type { Edit } from "../../src/finding.js";
import type { CallFacts } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";
import type { RunReport } from "../../src/program/view.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, list, nameOf, type Source } from "../edit/source.js";
import { memberWithRole, type NamedCall } from "./members.js";

/** Milliseconds that a flush between two events may take where it has no limit of its own. */
const FLUSH_MILLIS = 3000;

/** Turns a terminal close into the flush of the same client that may be repeated; undefined when it has none. */
export function flushInstead(source: Source, report: RunReport, project: Project): Edit[] | undefined {
  const { call, hit } = report;
  const flush = call && flushOf(report, project);
  if (!call || !flush || !hit.facts) return undefined;
  const node = source.at(call.at, "CallExpression");
  const callee = child(node, "callee");
  if (!node || callee?.type !== "MemberExpression" || callee.computed === true) return undefined;
  const { text } = source;
  const property = child(callee, "property") as Node;
  const open = text.indexOf("(", property.end);
  const args = list(node, "arguments");
  const given = text.slice(args[0]?.start ?? 0, args.at(-1)?.end ?? 0);
  const limit = sameLimit(hit.facts, flush.facts) && given !== "" ? given : limitOf(flush.facts);
  const caught = flush.facts.rejects === true && hit.facts.rejects !== true && !isCaught(source, node);
  return [
    source.replace(property.start, property.end, flush.name),
    source.replace(open, node.end, `(${limit})${caught ? ".catch(console.error)" : ""}`),
  ].filter((edit) => text.slice(edit.start, edit.end) !== edit.text);
}

function flushOf({ hit }: RunReport, project: Project): NamedCall | undefined {
  const { value } = hit;
  if (value?.v === "member") return memberWithRole(project, value.member.cls, "flush");
  if (value?.v !== "sdk" || value.sdk.is !== "call" || value.sdk.name.includes(".")) return undefined;
  for (const [name, facts] of Object.entries(value.sdk.pkg.exports))
    if (
      facts.kind === "function" &&
      facts.role === "flush" &&
      facts.style === "promise" &&
      !name.includes(".")
    )
      return { name, facts };
  return undefined;
}

function sameLimit(close: CallFacts, flush: CallFacts): boolean {
  if (!close.timeout || !flush.timeout) return false;
  return (
    close.timeout.argument === flush.timeout.argument && close.timeout.property === flush.timeout.property
  );
}

/** A limit for a flush that would wait without end. */
function limitOf({ timeout }: CallFacts): string {
  if (!timeout || timeout.defaultMillis !== null || timeout.argument !== 0) return "";
  const time = String(timeout.unit === "s" ? FLUSH_MILLIS / 1000 : FLUSH_MILLIS);
  return timeout.property === undefined ? time : `{ ${timeout.property}: ${time} }`;
}

/** A failure of the call is handled: by a `.catch` behind it or a `try` around it. */
function isCaught(source: Source, call: Node): boolean {
  const member = source.parentOf(call);
  if (member?.type === "MemberExpression" && nameOf(child(member, "property")) === "catch") return true;
  let inner = call;
  for (const node of source.ancestors(call)) {
    if (node.type === "TryStatement" && node.handler !== null && node.block === inner) return true;
    inner = node;
  }
  return false;
}
