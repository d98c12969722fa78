import type { Edit } from "../../src/finding.js";
import type { Fn, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { enclosingClass } from "../../src/syntax/expressions.js";
import type { Source } from "../edit/source.js";
import { mayBeMissing } from "../flush/missing.js";
import { takenNames, visibleAt } from "../flush/names.js";
import { importFrom } from "../graceful/importing.js";
import { calling } from "./callback.js";
import { fromDropped } from "./kept.js";
import { type Far, fromPackage } from "./package.js";
import { reportsTo, takesAnything } from "./reporter.js";
import { functionsAround, type Scene } from "./scene.js";
import { recordOnSpan } from "./span.js";
import { type Speaker, speakersOf, tellForm } from "./speakers.js";

/** An error as it is known at a place. */
export interface Caught {
  name: string;
  /** TypeScript takes it for anything, for nothing in particular, or for an `Error`. */
  type: "any" | "unknown" | "error";
}

/** Where an SDK is to be told of an error. */
export interface Spot {
  source: Source;
  module: Module;
  node: Node;
  /** The function that the node stands in. */
  fn: Fn;
}

/** How an SDK is told of an error. */
export interface Told {
  /** Statements without their semicolons. */
  statements: string[];
  /** To be awaited instead, where the process ends right after: the report alone would not be sent by a flush. */
  awaited?: string;
  /** How to send it, where the package is imported for the sake of it. */
  flush?: string;
  edits: Edit[];
}

/**
 * How to tell the SDK of an error at a place: by the program's own function for that, by what is known there, by what the file
 * that starts the SDK hands out, or by the package itself.
 * @param work what has failed, as a span of it would be named
 */
export function tellAt(scene: Scene, spot: Spot, error: Caught, work: string): Told | undefined {
  if (scene.facts.tell?.startsWith("span.")) return recordOnSpan(scene, spot, error, work);
  // what cannot be told of an error can still send what it has
  if (!tellForm(scene)) return { statements: [], edits: [] };
  return byReporter(scene, spot, error) ?? byHandle(scene, spot, error);
}

function byReporter(scene: Scene, { source, module, node, fn }: Spot, error: Caught): Told | undefined {
  const { project, details, lost } = scene;
  const around = functionsAround(fn);
  const isOne = (f: Fn): boolean => !around.has(f) && reportsTo(project, f, details.vendor);
  const calling = (f: Fn, name: string): string =>
    `${f.async ? "await " : ""}${name}(${takesAnything(project, f) ? error.name : written(source, error)})`;
  for (const [name, bind] of visibleAt(source, module, node)) {
    const values = project.values.of({ k: "id", name, bind, at: [node.start, node.end] }, module);
    for (const v of values)
      if (v.v === "fn" && isOne(v.fn)) return { statements: [calling(v.fn, name)], edits: [] };
  }
  const start = lost.start?.fn.module;
  if (!start || start === module) return undefined;
  for (const name of start.exports.keys()) {
    if (name === "default" || name === "=") continue;
    for (const v of project.values.exported(start, name)) {
      const imported = v.v === "fn" && isOne(v.fn) && importFrom(project, source, start, name, name);
      if (imported && v.v === "fn")
        return { statements: [calling(v.fn, imported.local)], edits: imported.edits };
    }
  }
  return undefined;
}

function byHandle(scene: Scene, spot: Spot, error: Caught): Told | undefined {
  const [known] = visible(scene, spot).sort((a, b) => a.rank - b.rank);
  if (known) return said(scene, spot, error, known, []);
  const far = exported(scene, spot) ?? fromPackage(scene, spot) ?? fromDropped(scene, spot);
  const told = far && said(scene, spot, error, far.speaker, far.edits);
  return told && far.flush !== undefined ? { ...told, flush: far.flush } : told;
}

function visible(scene: Scene, { source, module, node, fn }: Spot): Speaker[] {
  const { project } = scene;
  const found: Speaker[] = [];
  for (const [name, bind] of visibleAt(source, module, node)) {
    const maybe = mayBeMissing(project, module, bind);
    for (const v of project.values.of({ k: "id", name, bind, at: [node.start, node.end] }, module))
      if (v.v !== "fn") found.push(...speakersOf(scene, name, v, v.v === "namespace" ? false : maybe));
  }
  const cls = enclosingClass(fn);
  if (cls) found.push(...speakersOf(scene, "this", { v: "instance", cls }, false));
  return found;
}

/** What the file that starts the SDK hands out. */
function exported({ project, lost, ...rest }: Scene, { source, module }: Spot): Far | undefined {
  const start = lost.start?.fn.module;
  if (!start || start === module) return undefined;
  const taken = takenNames(source);
  for (const name of start.exports.keys()) {
    if (name === "default" || name === "=" || taken.has(name)) continue;
    const bind = start.bindings.find((b) => b.name === name);
    const maybe = bind !== undefined && mayBeMissing(project, start, bind);
    const [speaker] = project.values
      .exported(start, name)
      .flatMap((v) => speakersOf({ project, lost, ...rest }, name, v, maybe, 0));
    const imported = speaker && importFrom(project, source, start, name, name);
    if (imported && imported.local === name) return { speaker, edits: imported.edits };
  }
  return undefined;
}

function said(
  scene: Scene,
  { source }: Spot,
  error: Caught,
  speaker: Speaker,
  edits: Edit[],
): Told | undefined {
  const form = tellForm(scene);
  if (!form) return undefined;
  const given = /captureException$/.test(form.member) ? error.name : written(source, error);
  const args = form.args.replaceAll("%", () => given);
  const told: Told = { statements: [`${speaker.callee}(${args})`], edits };
  const { facts, sent } = speaker;
  if (sent !== undefined) return { ...told, awaited: `${sent}(${args}).catch(console.error)` };
  const awaited = calling(source, speaker.callee, facts, args === "" ? [] : [args]);
  return awaited === undefined ? told : { ...told, awaited };
}

/** As a call that asks for an `Error` takes it. */
export const written = (source: Source, { name, type }: Caught): string =>
  source.isTypeScript && type === "unknown" ? `${name} as Error` : name;
