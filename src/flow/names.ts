/**
 * What names of unresolved calls suggest. Names never make a finding, they only keep the analysis silent about what it
 * cannot see.
 */
import type { Expr } from "../syntax/ir.js";

const CLOSING = new Set(
  "shutdown shut close closes stop end ends dispose destroy drain cleanup clean teardown tear terminate finish finalize disconnect quit release kill unref flush".split(
    " ",
  ),
);

const STRONG = new Set("shutdown close stop dispose drain cleanup terminate".split(" "));

const TELEMETRY = new Set(
  "telemetry tracing tracer tracers trace traces otel opentelemetry sentry analytics posthog metric metrics instrumentation observability monitor monitoring logger logging apm insights".split(
    " ",
  ),
);

/** `shutdownTelemetry` -> shutdown, telemetry. */
function wordsOf(name: string): string[] {
  return name
    .split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_$#-]+/)
    .filter((w) => w !== "")
    .map((w) => w.toLowerCase());
}

export const isClosingName = (name: string): boolean => wordsOf(name).some((w) => CLOSING.has(w));

/** A call that closes something, by its name. */
export function isClosing(e: Expr): boolean {
  if (e.k !== "call") return false;
  const { callee } = e;
  const name = callee.k === "mem" ? callee.p : callee.k === "id" ? callee.name : undefined;
  return name !== undefined && isClosingName(name);
}

/**
 * An unresolved call that speaks of flushing telemetry may be just that: by its own words, by the type of what it is called
 * on, or by the file it stands in.
 */
export function soundsLikeFlush(callee: Expr, file = ""): boolean {
  const names: string[] = [];
  let e = callee;
  for (; e.k === "mem"; e = e.o) names.unshift(e.p ?? "");
  if (e.k === "id") names.unshift(e.name);
  const last = wordsOf(names.at(-1) ?? "");
  if (last.includes("flush")) return true;
  if (!last.some((w) => CLOSING.has(w))) return false;
  // spans end all over a file about tracing: only what ends a whole client takes the file's word for it
  const around = last.some((w) => STRONG.has(w)) ? file.split(/[/.]/) : [];
  const types = e.k === "id" ? (e.bind?.type ?? []).map((t) => nameOf(t.expr)) : [];
  return [...names, ...types, ...around].flatMap(wordsOf).some((w) => TELEMETRY.has(w));
}

const nameOf = (e: Expr): string => (e.k === "mem" ? (e.p ?? "") : e.k === "id" ? e.name : "");
