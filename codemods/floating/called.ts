import type { Hit } from "../../src/flow/world.js";
import type { CallFacts, Vendor } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";
import type { Call, Fn, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { calledName, child, type Source } from "../edit/source.js";
import { factsOf } from "../flush/versions.js";
import type { Target } from "../flush/write.js";

/** A call of the program with what it may call. */
export interface Called {
  call: Call;
  node: Node;
  module: Module;
  /** What the tables say of it, in the version that the project uses; absent for a call of the program's own functions. */
  target: Target | undefined;
  fns: Fn[];
}

/**
 * The call that a node is; undefined when the file does not know it as one.
 * @param met a call of the SDK as the program met it
 */
export function calledAt(project: Project, source: Source, node: Node, met?: Hit): Called | undefined {
  const module = project.module(source.file);
  const known = module?.calls.find((c) => c.call.at[0] === node.start && c.call.at[1] === node.end);
  if (!module || !known) return undefined;
  const found: Called = { call: known.call, node, module, target: undefined, fns: [] };
  for (const value of project.values.callee(known.call.callee, module)) {
    if (value.v === "fn") found.fns.push(value.fn);
    else if (value.v === "member") {
      const facts = factsOf(project, source.file, value.member);
      const { vendor, facts: cls } = value.member.cls;
      if (facts && ends(facts)) found.target ??= targetOf(source, node, facts, vendor, isPipeline(cls.part));
    } else if (value.v === "sdk" && value.sdk.is === "call" && ends(value.sdk.facts))
      found.target ??= targetOf(source, node, value.sdk.facts, value.sdk.vendor, false);
  }
  // what the program was seen to do tells more than the place: a list's members, a parameter
  if (!found.target && met?.facts && met.vendor && met.call === known.call) {
    const part = met.value?.v === "member" ? met.value.member.cls.facts.part : undefined;
    found.target = targetOf(source, node, met.facts, met.vendor, isPipeline(part));
  }
  return found;
}

const ends = ({ role }: CallFacts): boolean => role === "flush" || role === "close";

const isPipeline = (part: string | undefined): boolean =>
  part === "sdk" || part === "provider" || part === "processor" || part === "reader";

function targetOf(source: Source, node: Node, facts: CallFacts, vendor: Vendor, pipeline: boolean): Target {
  const callee = child(node, "callee");
  const object = callee?.type === "MemberExpression" ? child(callee, "object") : undefined;
  return {
    handle: object ? source.textOf(object) : "",
    name: calledName(node) ?? "",
    facts,
    vendor,
    pipeline,
    optional: source.textOf(callee ?? node).includes("?."),
  };
}
