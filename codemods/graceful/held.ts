import type { SdkClass } from "../../src/facts/lookup.js";
import type { Edit } from "../../src/finding.js";
import type { Hit } from "../../src/flow/world.js";
import type { PackageFacts, Vendor } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";
import type { Binding, Expr, Module, Span } from "../../src/syntax/ir.js";
import { importEdits } from "../edit/imports.js";
import { child, nameOf } from "../edit/source.js";
import { mayBeMissing } from "../flush/missing.js";
import { visibleAt } from "../flush/names.js";
import type { Page } from "../ending/page.js";
import { awaitedText, closerOf } from "./close-text.js";
import { holderOf } from "./holder.js";
import { keepDropped, keepLocal, type Kept } from "./keep.js";

/** How telemetry that a file starts is closed from the top level of that file. */
export interface Held {
  /** An expression that can be awaited and does not reject. */
  awaited: string;
  /** It ends by itself, within a time that its argument says. */
  bounded: boolean;
  /** Where it is started. */
  at: number;
  /** It is called on a whole package, under this name. */
  whole?: { name: string; pkg: PackageFacts };
  /** What keeps the handle by a name that the whole file knows. */
  edits: Edit[];
}

/** Every part of a vendor's telemetry that a file starts; undefined when one of them cannot be closed from its top level. */
export function heldIn(page: Page, module: Module, start: Hit, project: Project): Held[] | undefined {
  const held: Held[] = [];
  for (const hit of startsIn(module, start, project)) {
    const one = heldBy(page, hit, project);
    if (!one) return undefined;
    const same = held.find((h) => h.awaited === one.awaited);
    if (same) same.at = Math.max(same.at, one.at);
    else held.push(one);
  }
  return held.length > 0 ? held : undefined;
}

function startsIn(module: Module, start: Hit, project: Project): Hit[] {
  const found = new Map<number, Hit>([[start.at[0], start]]);
  for (const run of project.runs())
    for (const hit of run.hits)
      if (hit.kind === "start" && hit.vendor === start.vendor && hit.fn.module === module)
        if (!found.has(hit.at[0])) found.set(hit.at[0], hit);
  return [...found.values()].sort((a, b) => a.at[0] - b.at[0]);
}

function heldBy(page: Page, hit: Hit, project: Project): Held | undefined {
  const { call, value, vendor, facts } = hit;
  if (!call || !vendor) return undefined;
  if (value?.v === "member" && call.callee.k === "mem")
    return ofHandle(page, call.callee.o, value.member.cls, vendor, hit, project);
  if (value?.v !== "sdk") return undefined;
  if (value.sdk.is === "class" || value.sdk.is === "handle")
    return ofHandle(page, call, value.sdk.cls, vendor, hit, project);
  if (value.sdk.is !== "call") return undefined;
  const given = facts?.handleArgument === undefined ? undefined : call.args[facts.handleArgument];
  if (given) {
    const cls = classOf(given, hit.fn.module, project);
    return cls && ofHandle(page, given, cls, vendor, hit, project);
  }
  const named = ofFunction(page, hit, project);
  if (named) return named;
  const cls = project.lookup.returned(value.sdk.vendor, value.sdk.pkg, value.sdk.facts);
  return cls && ofHandle(page, call, cls, vendor, hit, project);
}

/**
 * What a listener closes, by the calls that it does so with; undefined when the top level could not.
 * @param gone the statement that is taken away, the listener included
 */
export function heldByCloses(
  page: Page,
  closes: readonly Hit[],
  project: Project,
  gone: Span,
): Held[] | undefined {
  const held: Held[] = [];
  for (const hit of closes) {
    const { call, value, vendor } = hit;
    const one =
      call?.callee.k === "mem" && value?.v === "member" && vendor && hit.fn.module.file === page.file
        ? ofHandle(page, call.callee.o, value.member.cls, vendor, hit, project, gone)
        : undefined;
    if (!one) return undefined;
    held.push(one);
  }
  return held.length > 0 ? held : undefined;
}

const classOf = (e: Expr, module: Module, project: Project): SdkClass | undefined =>
  project.values.of(e, module).flatMap((v) => (v.v === "sdk" && v.sdk.is === "handle" ? [v.sdk.cls] : []))[0];

/** `Sentry.init()` is closed by `Sentry.close()`. */
function ofFunction(page: Page, { call, value, vendor }: Hit, project: Project): Held | undefined {
  if (value?.v !== "sdk" || value.sdk.is !== "call" || !call || !vendor) return undefined;
  const { pkg, name } = value.sdk;
  const path = name.split(".").slice(0, -1);
  for (const role of ["close", "flush"] as const)
    for (const [exported, facts] of Object.entries(pkg.exports)) {
      const own = exported.split(".");
      const last = own.at(-1) ?? "";
      if (facts.kind !== "function" || facts.role !== role || facts.twin !== undefined) continue;
      if (own.slice(0, -1).join() !== path.join() || /^capture/.test(last)) continue;
      const { callee } = call;
      const imported = callee.k === "id" ? importOf(page, callee.bind, last, vendor) : undefined;
      const handle = callee.k === "mem" ? page.text.slice(...callee.o.at) : "";
      if (callee.k === "id" && !imported) continue;
      if (callee.k === "mem" && !isGlobal(callee.o, project.module(page.file))) continue;
      const written = awaitedText(page, {
        handle,
        name: imported?.local ?? last,
        facts,
        vendor,
        part: undefined,
        optional: false,
      });
      if (written)
        return {
          ...written,
          at: call.at[0],
          edits: imported?.edits ?? [],
          ...(path.length === 0 && handle ? { whole: { name: handle, pkg } } : {}),
        };
    }
  return undefined;
}

/** The edits that import a second function from where the first comes, under a name that says what it closes. */
function importOf(
  page: Page,
  bind: Binding | undefined,
  name: string,
  vendor: Vendor,
): { local: string; edits: Edit[] } | undefined {
  if (!bind?.from) return undefined;
  const { specifier } = bind.from;
  const word = vendor.name.replace(/\W/g, "");
  const local = name.length < MEANS_ENOUGH ? `${name}${word}` : name;
  const edits = importEdits(page, { name, local, specifier }, (s) => s === specifier);
  return edits && { local, edits };
}

/** `close` alone does not say of what. */
const MEANS_ENOUGH = 10;

function ofHandle(
  page: Page,
  e: Expr,
  cls: SdkClass,
  vendor: Vendor,
  hit: Hit,
  project: Project,
  gone?: Span,
): Held | undefined {
  const closer = closerOf(project, page.file, cls);
  const kept = closer && nameFor(page, e, cls, hit, project, gone);
  if (!kept) return undefined;
  const { part } = cls.facts;
  const written = awaitedText(page, { ...closer, handle: kept.text, vendor, part, optional: kept.optional });
  return written && { ...written, at: hit.at[0], edits: kept.edits };
}

/** A name of the handle that the whole file knows, with what it takes to have one. */
function nameFor(
  page: Page,
  e: Expr,
  cls: SdkClass,
  hit: Hit,
  project: Project,
  gone?: Span,
): Kept | undefined {
  const { module } = hit.fn;
  if (e.k === "id" && e.bind) return ofBinding(page, e.bind, cls, module, project, gone);
  if (e.k === "mem")
    return isGlobal(e, module)
      ? { text: page.text.slice(...e.at), optional: e.optional, edits: [] }
      : undefined;
  if (e.k === "await") return nameFor(page, e.e, cls, hit, project);
  if (e.k !== "call") return undefined;
  const node = page.callAt(e.at);
  const holder = node && holderOf(page, node);
  if (!node || !holder) return undefined;
  const to = holder.type === "VariableDeclarator" ? child(holder, "id") : child(holder, "left");
  if (holder.type === "VariableDeclarator" || holder.type === "AssignmentExpression") {
    if (to?.type !== "Identifier") return undefined;
    const bind = visibleAt(page, module, node).get(nameOf(to) ?? "");
    return bind && ofBinding(page, bind, cls, module, project);
  }
  return keepDropped(page, node, cls, module);
}

function ofBinding(
  page: Page,
  bind: Binding,
  cls: SdkClass,
  module: Module,
  project: Project,
  gone?: Span,
): Kept | undefined {
  const optional = mayBeMissing(project, module, bind);
  if (bind.kind === "import" || module.bindings.includes(bind))
    return { text: bind.name, optional, edits: [] };
  return bind.kind === "var" && bind.owner.module === module
    ? keepLocal(page, bind, cls, module, gone)
    : undefined;
}

/** Every name in it is one of the module's top level. */
function isGlobal(e: Expr, module: Module | undefined): boolean {
  if (e.k === "mem") return e.p !== undefined && isGlobal(e.o, module);
  return (
    e.k === "id" &&
    e.bind !== undefined &&
    (e.bind.kind === "import" || module?.bindings.includes(e.bind) === true)
  );
}
