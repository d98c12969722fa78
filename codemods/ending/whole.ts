import type { SdkClass } from "../../src/facts/lookup.js";
import type { Project } from "../../src/program/project.js";
import type { Call, Expr, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { nameOf } from "../edit/source.js";
import { closingOfHandle, type Closing } from "./closing.js";
import { creationsOf, type Handle } from "./handles.js";
import { memberWithRole } from "./members.js";
import type { Page } from "./page.js";

/** The provider or SDK that a part was built into, which closes the part with itself. */
export interface Whole {
  handle: Handle;
  /** How to close it; undefined when nothing holds it by name. */
  closing: Closing | undefined;
  /** Where it is made, or where the part is added to it. */
  at: readonly [number, number];
}

const MAX_PARTS = 6;

/** Follows a part (exporter, processor, reader) into what it was handed to, up to the whole. */
export function wholeOf(page: Page, use: Call, module: Module, project: Project): Whole | undefined {
  let current: Expr = use;
  for (let step = 0; step < MAX_PARTS; step++) {
    const cls = classOf(current, module, project);
    if (cls && isWhole(cls)) return made(page, current, cls, module, project);
    const next = module.calls.find((c) => c.call !== current && holds(c.call, current));
    if (!next) return undefined;
    const { callee } = next.call;
    if (!next.call.isNew && callee.k === "mem") return added(page, next.call, callee.o, module, project);
    current = next.call;
  }
  return undefined;
}

function classOf(e: Expr, module: Module, project: Project): SdkClass | undefined {
  for (const value of project.values.of(e, module))
    if (value.v === "sdk" && value.sdk.is === "handle") return value.sdk.cls;
  return undefined;
}

const isWhole = (cls: SdkClass): boolean => cls.facts.part === "provider" || cls.facts.part === "sdk";

/** Whether a call is given this expression, written in place or by the name of a variable. */
function holds(call: Call, made: Expr): boolean {
  const look = (e: Expr): boolean => {
    if (e === made || (e.k === "id" && e.bind?.values.includes(made))) return true;
    if (e.k === "obj") return e.props.some((p) => look(p.value));
    if (e.k === "arr") return e.items.some(look);
    return e.k === "spread" && look(e.e);
  };
  return (
    (call.isNew || (call.callee.k === "mem" && call.callee.p?.startsWith("add") === true)) &&
    call.args.some(look)
  );
}

function made(page: Page, creation: Expr, cls: SdkClass, module: Module, project: Project): Whole {
  const handle = { vendor: cls.vendor.name, cls: cls.name, creations: new Set([creation]) };
  const path = page.pathTo(page.around(creation.at));
  const holder = path.at(-2);
  const member = memberWithRole(project, cls, "close")?.name;
  let closing: Closing | undefined;
  const name = holder && holderName(page, holder);
  if (name !== undefined && member !== undefined) {
    const declared = module.bindings.find((b) => b.name === name && b.values.includes(creation));
    const constant = holder?.type === "VariableDeclarator" && path.at(-3)?.kind === "const";
    closing = closingOfHandle(name, member, { global: declared !== undefined, constant });
  }
  return { handle, closing, at: creation.at };
}

/** The provider that a processor was added to (`provider.addSpanProcessor(processor)`). */
function added(page: Page, call: Call, provider: Expr, module: Module, project: Project): Whole | undefined {
  const cls = classOf(provider, module, project);
  if (!cls || !isWhole(cls)) return undefined;
  const member = memberWithRole(project, cls, "close")?.name;
  const handle = {
    vendor: cls.vendor.name,
    cls: cls.name,
    creations: creationsOf(provider, module, project),
  };
  const named = provider.k === "id" && provider.bind;
  const closing =
    named && member !== undefined
      ? closingOfHandle(page.text.slice(...provider.at), member, {
          global: module.bindings.includes(named),
          constant: named.constant,
        })
      : undefined;
  return { handle, closing, at: call.at };
}

function holderName(page: Page, holder: Node): string | undefined {
  if (holder.type === "VariableDeclarator") return nameOf(holder.id as Node);
  if (holder.type === "PropertyDefinition") {
    const field = holder.static || holder.computed ? undefined : nameOf(holder.key as Node);
    return field === undefined ? undefined : `this.${field}`;
  }
  if (holder.type !== "AssignmentExpression") return undefined;
  const to = holder.left as Node;
  const plain =
    to.type === "Identifier" ||
    (to.type === "MemberExpression" && (to.object as Node).type === "ThisExpression" && !to.computed);
  return plain ? page.text.slice(to.start, to.end) : undefined;
}
