import { removedMembers, tracerProviders, type RemovedMember } from "../../knowledge/provider-members.js";
import type { Project } from "../../program/project.js";
import type { Call, Expr, Fn, Module, Span } from "../../syntax/ir.js";
import { runsWith } from "../../versions/package-versions.js";
import { type ProviderKinds, providersOf } from "./provider-kinds.js";
import { isSame } from "../same.js";
import { expressionsIn } from "../walk.js";

/** A use of a member that the provider has no more in the version of the SDK that is there. */
export interface RemovedUse {
  member: RemovedMember;
  fn: Fn;
  at: Span;
  /** The member as it is read. */
  read: Expr & { k: "mem" };
  call: Call | undefined;
  /** It is read from the API's proxy, which has it in no version. */
  ofProxy: boolean;
}

const byName = new Map(removedMembers.map((member) => [member.name, member]));

/** Every use of a removed member in a module, guarded or not, in the order of the text of each function. */
export function removedUsesIn(module: Module, project: Project): RemovedUse[] {
  const calls = new Map<Expr, Call>();
  const written = new Set<Expr>();
  for (const { e } of expressionsIn(module)) {
    if (e.k === "call" && !e.isNew) calls.set(e.callee, e);
    if (e.k === "set") written.add(e.to);
  }
  return expressionsIn(module).flatMap(({ e, fn }): RemovedUse[] => {
    const member = e.k === "mem" && e.p !== undefined ? byName.get(e.p) : undefined;
    if (e.k !== "mem" || !member || written.has(e)) return [];
    const kinds = providersOf(e.o, module, project);
    if (!kinds || !isRemoved(e.o, kinds, member, module, project)) return [];
    return [{ member, fn, at: e.at, read: e, call: calls.get(e), ofProxy: kinds.classes.length === 0 }];
  });
}

function isRemoved(
  o: Expr,
  kinds: ProviderKinds,
  member: RemovedMember,
  module: Module,
  project: Project,
): boolean {
  if (!kinds.classes.every((cls) => member.of.has(cls.name))) return false;
  if (kinds.proxy && member.of !== tracerProviders) return false;
  // a class of the program that has the member itself, or is given it
  if (kinds.own.some((cls) => cls.members.has(member.name))) return false;
  if (isGiven(o, member.name, module)) return false;
  const named = Object.fromEntries(
    Object.entries(member.since).filter(([name]) =>
      kinds.classes.some((cls) => cls.specifiers.includes(name)),
    ),
  );
  return runsWith(module.file, named, project) ?? runsWith(module.file, member.since, project) ?? false;
}

/** `provider.addSpanProcessor = (processor) => ...` */
const isGiven = (on: Expr, name: string, module: Module): boolean =>
  expressionsIn(module).some(
    ({ e }) => e.k === "set" && e.to.k === "mem" && e.to.p === name && isSame(e.to.o, on),
  );
