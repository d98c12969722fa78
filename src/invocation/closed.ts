import type { Hit } from "../flow/world.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Call, Expr } from "../syntax/ir.js";
import { liveInvocations, type LiveInvocation } from "./live.js";
import { broken } from "./unflushed.js";

/** Each invocation closes a client that the next one needs: what is captured after the first is lost. */
export function closedPerInvocation(project: Project): ChainBreak[] {
  const found = new Map<Call, ChainBreak>();
  for (const live of liveInvocations(project))
    for (const hit of live.own.hits) {
      const { call, facts } = hit;
      if (hit.kind !== "flush" || !call || facts?.role !== "close" || facts.reusable || hit.inTimer) continue;
      if (found.has(call) || !isShared(hit, project) || isStartedAgain(hit, live)) continue;
      if (hit.stack.some((s) => s.as === "listener")) continue;
      found.set(call, broken("closed-per-invocation", hit, { fn: hit.fn, at: call.at, call }, live));
    }
  return [...found.values()];
}

/** The invocation starts the vendor itself: each one has a client of its own. */
const isStartedAgain = (hit: Hit, { own }: LiveInvocation): boolean =>
  own.hits.some((h) => h.kind === "start" && h.vendor === hit.vendor);

/** What is closed was made when the program was loaded: a constant of a module, or the SDK as a whole. */
function isShared({ call, fn, value }: Hit, project: Project): boolean {
  if (!call) return false;
  if (value?.v === "sdk") return true;
  const { callee } = call;
  if (callee.k !== "mem") return false;
  return isOfModule(callee.o, fn.module.file, project);
}

function isOfModule(e: Expr, file: string, project: Project, depth = 0): boolean {
  if (e.k !== "id" || !e.bind || depth > 4) return false;
  const { bind } = e;
  if (bind.from) {
    const target = project.index.resolve(file, bind.from.specifier);
    const module = target === undefined ? undefined : project.module(target);
    const exported = module?.exports.get(bind.from.name);
    if (!module || !exported) return false;
    return exported.kind === "value" && isOfModule(exported.e, module.file, project, depth + 1);
  }
  return (
    bind.kind === "var" &&
    bind.constant &&
    bind.owner.kind === "module" &&
    bind.values.every((v) => v.k === "call")
  );
}
