import type { Hit } from "../../src/flow/world.js";
import type { Project } from "../../src/program/project.js";
import type { Call, Cls, Expr } from "../../src/syntax/ir.js";
import { child, nameOf } from "../edit/source.js";
import type { Page } from "../ending/page.js";
import { mayLackField } from "../flush/fields.js";
import { awaitedText, closerOf } from "./close-text.js";
import { fieldOf } from "./field.js";
import { holderOf } from "./holder.js";

/** A close as the methods of a class write it. */
export interface FieldClose {
  cls: Cls;
  awaited: string;
  rejects: boolean;
  bounded: boolean;
}

/** How a field is closed from inside its class; undefined when nothing can be waited for. */
export function closeOfField(page: Page, hit: Hit, project: Project): FieldClose | undefined {
  const { call, value, vendor } = hit;
  if (!call || !vendor) return undefined;
  const handle =
    value?.v === "member" && call.callee.k === "mem" ? call.callee.o : holderField(page, call, hit);
  const sdk =
    value?.v === "member"
      ? value.member.cls
      : value?.v === "sdk" && (value.sdk.is === "class" || value.sdk.is === "handle")
        ? value.sdk.cls
        : undefined;
  const field = handle && fieldOf(handle);
  const closer = sdk && closerOf(project, page.file, sdk);
  if (!field || !closer) return undefined;
  const optional = mayLackField(project, field.cls, field.name);
  const { part } = sdk.facts;
  const written = awaitedText(page, { ...closer, handle: `this.${field.name}`, vendor, part, optional });
  const awaited = written?.awaited.replace(/\.catch\(console\.error\)$/, "");
  if (!written || awaited === undefined) return undefined;
  return { cls: field.cls, awaited, rejects: awaited !== written.awaited, bounded: written.bounded };
}

/** `this.client = new PostHog()`, or a field that is declared with it. */
function holderField(page: Page, call: Call, hit: Hit): Expr | undefined {
  const node = page.callAt(call.at);
  const holder = node && holderOf(page, node);
  const name = nameOf(
    holder?.type === "PropertyDefinition"
      ? child(holder, "key")
      : holder?.type === "AssignmentExpression" &&
          child(child(holder, "left"), "object")?.type === "ThisExpression"
        ? child(child(holder, "left"), "property")
        : undefined,
  );
  const cls = hit.fn.module.classes.findLast((c) => c.at[0] <= call.at[0] && call.at[1] <= c.at[1]);
  if (name === undefined || !cls || !node) return undefined;
  return { k: "mem", o: { k: "this", cls, at: call.at }, p: name, optional: false, at: call.at };
}
