import type { Value } from "../../src/facts/value.js";
import type { Edit } from "../../src/finding.js";
import type { Expr, Span } from "../../src/syntax/ir.js";
import { importEdits } from "../edit/imports.js";
import { mayBeMissing } from "../flush/missing.js";
import { takenNames, visibleAt } from "../flush/names.js";
import { asksFor, localOf } from "./package.js";
import type { Scene } from "./scene.js";
import { type Caught, type Spot, type Told, written } from "./tell.js";

const SCOPE = "@opentelemetry/";
const API = `${SCOPE}api`;

/**
 * OpenTelemetry hears of an error through a span of its own. The tracer is the one that is known at the place, else one of the
 * name that the program gives its tracers.
 * @returns no statements at all where the program does not load the API: what is buffered can be sent all the same
 */
export function recordOnSpan(scene: Scene, spot: Spot, error: Caught, work: string): Told {
  const { source } = spot;
  if (!loadsApi(scene, source.file)) return { statements: [], edits: [] };
  const tracer = tracerAt(scene, spot);
  const wanted = [...(tracer === undefined ? ["trace"] : []), "SpanStatusCode"];
  const locals = new Map(wanted.map((name) => [name, localOf(source, API, name)]));
  const missing = wanted.filter((name) => locals.get(name) === undefined).sort();
  const taken = takenNames(source);
  const edits = missing.some((name) => taken.has(name)) ? undefined : imported(spot, missing);
  if (!edits) return { statements: [], edits: [] };
  const span = visibleAt(source, spot.module, spot.node).has("span") ? "failure" : "span";
  const q = source.style.quote;
  const made =
    tracer ?? `${locals.get("trace") ?? "trace"}.getTracer(${q}${tracerName(scene, source.file)}${q})`;
  const code = `${locals.get("SpanStatusCode") ?? "SpanStatusCode"}.ERROR`;
  const status = source.style.spaced ? `{ code: ${code} }` : `{code: ${code}}`;
  return {
    statements: [
      `const ${span} = ${made}.startSpan(${q}${work}${q})`,
      `${span}.recordException(${written(source, error)})`,
      `${span}.setStatus(${status})`,
      `${span}.end()`,
    ],
    edits,
  };
}

/** The package of the file asks for the API, or for nothing of OpenTelemetry although the program uses it: then it is found in other ways. */
function loadsApi({ project, lost }: Scene, file: string): boolean {
  const json = [project.index.packageOf(file)?.json, project.index.packageOf("package.json")?.json];
  const asked = json.flatMap((j) => Object.keys({ ...j?.dependencies, ...j?.devDependencies }));
  if (asked.includes(API)) return true;
  const uses = (wanted: (specifier: string) => boolean): boolean =>
    [...lost.run.files].some((f) =>
      project.index.scan(f).imports.some((i) => i.kind !== "type" && wanted(i.specifier)),
    );
  if (uses((s) => s === API)) return asksFor(project, file, API);
  return !asked.some((name) => name.startsWith(SCOPE)) && uses((s) => s.startsWith(SCOPE));
}

function imported({ source }: Spot, names: readonly string[]): Edit[] | undefined {
  if (names.length === 0) return [];
  const all = names.join(", ");
  return importEdits(source, { name: all, local: all, specifier: API }, (s) => s === API);
}

const isTracer = (v: Value): boolean => v.v === "sdk" && v.sdk.is === "handle" && v.sdk.cls.name === "Tracer";

/** A tracer that is known there, or a function of the program that gives one. */
function tracerAt({ project }: Scene, { source, module, node }: Spot): string | undefined {
  const at: Span = [node.start, node.end];
  for (const [name, bind] of visibleAt(source, module, node)) {
    const id: Expr = { k: "id", name, bind, at };
    const values = project.values.of(id, module);
    if (values.some(isTracer) && !mayBeMissing(project, module, bind)) return name;
    const call: Expr = { k: "call", callee: id, args: [], isNew: false, optional: false, at };
    const gives = values.some((v) => v.v === "fn" && !v.fn.async && v.fn.params.length === 0);
    const given = gives ? project.values.of(call, module) : [];
    if (given.length > 0 && given.every(isTracer)) return `${name}()`;
  }
  return undefined;
}

/** The name that the program gives its tracers, else that of its package. */
function tracerName({ project, lost }: Scene, file: string): string {
  for (const other of [file, ...[...lost.run.files].sort()]) {
    const text = project.index.read(other) ?? "";
    const name = /\bgetTracer\(\s*["'`]([^"'`$\\]+)["'`]/.exec(text)?.[1];
    if (name !== undefined) return name;
  }
  return project.index.packageOf(file)?.json?.name ?? "app";
}
