import { invocationWrappers } from "../knowledge/invocation-sdks.js";
import { transparentGlobals, transparentWrappers } from "../knowledge/invocations.js";
import type { Project } from "../program/project.js";
import type { Call, Expr, Module } from "../syntax/ir.js";

/** What a call that makes a handler out of another is given. */
export interface Wrapped {
  inner: Expr;
  /** The vendor for whose captures it waits. */
  waits: string | undefined;
}

/** `middy(handler)`, `Sentry.wrapHandler(handler)`; undefined for a call of something that may do anything with what it is given. */
export function wrappedIn(call: Call, module: Module, project: Project): Wrapped | undefined {
  if (transparentGlobals.includes(globalPath(call.callee))) return transparent(call);
  for (const v of project.values.callee(call.callee, module)) {
    const named =
      v.v === "package"
        ? { modules: [v.specifier], path: v.path }
        : v.v === "sdk" && (v.sdk.is === "namespace" || v.sdk.is === "call")
          ? { modules: v.sdk.pkg.specifiers, path: v.sdk.is === "call" ? v.sdk.name : v.sdk.path }
          : undefined;
    if (!named) continue;
    const { modules, path } = named;
    const wrapper = invocationWrappers.find(
      (w) => w.path === path && w.modules.some((m) => modules.includes(m)),
    );
    const inner = wrapper && call.args[wrapper.handler];
    if (inner) return { inner, waits: wrapper.vendor };
    if (transparentWrappers.some((w) => w.modules.some((m) => modules.includes(m)) && w.path.test(path)))
      return transparent(call);
  }
  return undefined;
}

/** `awslambda.streamifyResponse`, the global declared for the compiler or not. */
function globalPath(e: Expr): string {
  if (e.k === "mem") return `${globalPath(e.o)}.${e.p ?? ""}`;
  return e.k === "id" && (e.bind?.values ?? []).length === 0 && !e.bind?.from ? e.name : "";
}

function transparent({ args }: Call): Wrapped | undefined {
  const inner = args.findLast((a) => a.k === "fn" || a.k === "id");
  return inner && { inner, waits: undefined };
}
