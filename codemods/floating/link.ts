import type { Edit, Repair } from "../../src/finding.js";
import type { FloatingFlush } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import type { Binding, Call, Expr, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { exportEdit } from "../edit/exports.js";
import { importEdits, relativeSpecifier } from "../edit/imports.js";
import { child, nameOf, openSource, type Source } from "../edit/source.js";
import { mayBeMissing } from "../flush/missing.js";
import { declarationOf, takenNames, visibleAt } from "../flush/names.js";

const MAX_LINKS = 5;

/**
 * Flushes what the exporter was built into, the provider or else the processor, in place of the exporter; from another file it
 * is exported and imported where need be.
 * @returns undefined where neither has a name, or not that call
 */
export function flushTheQueue(
  project: Project,
  source: Source,
  node: Node,
  { flush }: FloatingFlush,
): Repair | undefined {
  const callee = child(node, "callee");
  const object = child(callee, "object");
  const method = nameOf(child(callee, "property"));
  const lowered = flush.call?.callee;
  const bind = lowered?.k === "mem" && lowered.o.k === "id" ? lowered.o.bind : undefined;
  const module = project.module(source.file);
  const made = bind && module && declarationOf(project, module, bind);
  if (!object || method === undefined || !bind || !module || !made) return undefined;
  const isHere = made.module === module;
  const names = isHere
    ? visibleAt(source, module, node)
    : new Map(made.module.bindings.map((b) => [b.name, b]));
  const whole = linksAbove(made.module, [...names.values()], made.bind)
    .filter((b) => names.get(b.name) === b && hasMember(project, made.module, b, method))
    .at(-1);
  const edits = whole && (isHere ? [] : importedFrom(project, source, made.module, whole, bind));
  if (!whole || !edits) return undefined;
  const optional = mayBeMissing(project, made.module, whole) && callee?.optional !== true;
  return {
    level: "review",
    title: `Flush ${whole.name}, where the queue is`,
    edits: [...edits, source.replace(object.start, object.end, optional ? `${whole.name}?` : whole.name)],
  };
}

/** Lets a file have a variable of another by its own name, in place of the exporter where nothing else needs that. */
function importedFrom(
  project: Project,
  source: Source,
  home: Module,
  whole: Binding,
  exporter: Binding,
): Edit[] | undefined {
  const there = openSource(project, home.file);
  if (!there || takenNames(source).has(whole.name)) return undefined;
  const isExported = home.exports.get(whole.name)?.kind === "value";
  const exporting = isExported ? undefined : whole.constant ? exportEdit(there, home, whole) : undefined;
  if (!isExported && !exporting) return undefined;
  const more = exporting ? [exporting] : [];
  if (exporter.uses.length === 1 && exporter.from?.name === exporter.name) {
    const only = [...source.nodes()].find(
      (n) => n.type === "ImportSpecifier" && nameOf(child(n, "local")) === exporter.name,
    );
    if (only) return [...more, source.replace(only.start, only.end, whole.name)];
  }
  const specifier = relativeSpecifier(project, source, home.file);
  const wanted = { name: whole.name, local: whole.name, specifier: specifier ?? "" };
  const imported =
    specifier === undefined
      ? undefined
      : importEdits(source, wanted, (s) => project.index.resolve(source.file, s) === home.file);
  return imported && [...more, ...imported];
}

/** The variables that hold what an exporter was handed to, from the inside out. */
function linksAbove(module: Module, visible: Binding[], exporter: Binding): Binding[] {
  const found: Binding[] = [];
  let current: Expr | Binding = exporter;
  for (let link = 0; link < MAX_LINKS; link++) {
    const inner: Expr | Binding = current;
    const next: Call | undefined = module.calls.find(({ call }) => isHandedTo(call, inner))?.call;
    if (!next) break;
    const { callee } = next;
    // `provider.addSpanProcessor(processor)`
    const added: Binding | undefined =
      !next.isNew && callee.k === "mem" && callee.o.k === "id" ? callee.o.bind : undefined;
    const holder: Binding | undefined = added ?? visible.find((b) => b.values.includes(next));
    if (holder) found.push(holder);
    current = holder ?? next;
    if (added) break;
  }
  return found;
}

function isHandedTo({ callee, args, isNew }: Call, inner: Expr | Binding): boolean {
  if (!isNew && !(callee.k === "mem" && /^add/.test(callee.p ?? ""))) return false;
  const look = (e: Expr): boolean => {
    if (e === inner || (e.k === "id" && e.bind === inner)) return true;
    if (e.k === "obj") return e.props.some((p) => look(p.value));
    if (e.k === "arr") return e.items.some(look);
    return e.k === "spread" && look(e.e);
  };
  return args.some(look);
}

function hasMember(project: Project, module: Module, bind: Binding, method: string): boolean {
  const values = project.values.of({ k: "id", name: bind.name, bind, at: bind.at }, module);
  return values.some(
    (v) => v.v === "sdk" && v.sdk.is === "handle" && project.lookup.member(v.sdk.cls, method)?.is === "call",
  );
}
