import type { Edit } from "../../src/finding.js";
import type { Hit } from "../../src/flow/world.js";
import type { PackageFacts } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";
import type { Fn, Module } from "../../src/syntax/ir.js";
import { enclosingClass } from "../../src/syntax/expressions.js";
import type { Node } from "../../src/syntax/parse.js";
import type { Source } from "../edit/source.js";
import { best, type Candidate, candidatesOf, type Search } from "./candidates.js";
import { elsewhere } from "./elsewhere.js";
import { loadedBy } from "./loaded.js";
import type { Lost } from "./loss.js";
import { mayBeMissing } from "./missing.js";
import { visibleAt } from "./names.js";
import type { FlushText } from "./write.js";

/** What to flush at a place, with what it takes to have it there. */
export interface Flush extends FlushText {
  edits: Edit[];
}

/**
 * The best way to flush what is lost at a node: with what is in scope there, else with what another file of the program
 * exports, else with a function of the SDK. Undefined when the program offers none.
 * @param around functions that run around the node: to call them again would not end
 */
export function chooseFlush(
  project: Project,
  source: Source,
  node: Node,
  lost: Lost,
  around: Set<Fn>,
): Flush | undefined {
  const module = project.module(source.file);
  if (!module) return undefined;
  const search: Search = {
    project,
    source,
    vendor: lost.vendor,
    started: startedBy(project, lost),
    reach: loadedBy(project, lost.run.entry),
    ...(lost.repeatable ? { repeatable: true } : {}),
  };
  const found = best(inScope(search, module, node, around));
  return found ? { ...found, edits: [] } : elsewhere(search, module, lost.start?.fn.module);
}

/** The packages by which programs of the project start the vendor. */
function startedBy(project: Project, lost: Lost): Set<PackageFacts> {
  const packages = new Set<PackageFacts>();
  const take = ({ value }: Hit): void => {
    if (value?.v === "member") packages.add(value.member.cls.pkg);
    if (value?.v === "sdk")
      packages.add(
        value.sdk.is === "class" || value.sdk.is === "handle" || value.sdk.is === "factory"
          ? value.sdk.cls.pkg
          : value.sdk.pkg,
      );
  };
  for (const run of project.runs())
    for (const hit of run.hits) if (hit.kind === "start" && hit.vendor === lost.vendor) take(hit);
  for (const pkg of lost.vendor.packages) if (pkg.startsOnImport) packages.add(pkg);
  return packages;
}

function inScope(search: Search, module: Module, node: Node, around: Set<Fn>): Candidate[] {
  const { project, source } = search;
  const found: Candidate[] = [];
  for (const [name, bind] of visibleAt(source, module, node)) {
    const values = project.values.of({ k: "id", name, bind, at: [node.start, node.end] }, module);
    const optional = mayBeMissing(project, module, bind);
    for (const value of values) {
      if (value.v === "fn" && around.has(value.fn)) continue;
      if (value.v === "class" || value.v === "fn" || value.v === "namespace")
        found.push(...candidatesOf(search, name, value, false));
      else found.push(...candidatesOf(search, name, value, optional));
    }
  }
  const fn = [...around].at(-1);
  const cls = fn && fn.module === module && !isStatic(source, node) ? enclosingClass(fn) : undefined;
  if (cls) {
    for (const c of candidatesOf(search, "this", { v: "instance", cls }, false, cls)) {
      const own = /^this\.(#?[\w$]+)\(/.exec(c.awaited)?.[1];
      const method = own === undefined ? undefined : cls.members.get(own)?.fn;
      if (!method || !around.has(method)) found.push(c);
    }
  }
  return found;
}

function isStatic(source: Source, node: Node): boolean {
  for (const up of source.ancestors(node)) {
    if (up.type === "MethodDefinition" || up.type === "PropertyDefinition") return up.static === true;
    if (up.type === "StaticBlock") return true;
  }
  return false;
}
