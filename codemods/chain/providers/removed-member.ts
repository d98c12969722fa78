import { removedMembers } from "../../../src/knowledge/provider-members.js";
import type { Repair } from "../../../src/finding.js";
import type { ChainBreak } from "../../../src/program/details.js";
import type { Project } from "../../../src/program/project.js";
import { withParentheses } from "../../edit/insert.js";
import { child, nameOf, openSource } from "../../edit/source.js";
import { intoConstructor } from "./into-constructor.js";
import type { ChainRepair } from "../../edit/repair.js";
import { replacedResource } from "./replaced-resource.js";

/** What replaces the member: an option of the constructor, the provider itself, the functions that make resources. */
export const repairRemovedMember: ChainRepair = (broken, project) => {
  const [name, kind] = broken.names;
  if (kind === "resource") return replacedResource(broken, project);
  const member = removedMembers.find((removed) => removed.name === name);
  if (!member || kind === "guarded" || kind === "stale") return undefined;
  return member.option === undefined
    ? ofProvider(broken, project)
    : intoConstructor(broken, member.option, project);
};

/** `provider.getActiveSpanProcessor().forceFlush()` is asked of the provider. */
function ofProvider({ fn, parts = [] }: ChainBreak, project: Project): Repair | undefined {
  const source = openSource(project, fn.module.file);
  const edits = parts.map(({ at }) => {
    const member = source?.at(at, "MemberExpression");
    const object = child(member, "object");
    const up = member && source?.parentOf(member);
    const whole = up?.type === "CallExpression" && child(up, "callee") === member ? up : member;
    const asked = whole && source?.parentOf(whole);
    const isEnd = /^(forceFlush|shutdown)$/.test(nameOf(child(asked, "property")) ?? "");
    if (!source || !member || !object || !whole || !isEnd) return undefined;
    const [, end] = withParentheses(source, object, member);
    return source.replace(end, whole.end, "");
  });
  if (!edits.every((edit) => edit !== undefined) || edits.length === 0) return undefined;
  return { level: "review", title: "Ask the provider itself, which reaches every processor", edits };
}
