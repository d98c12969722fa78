import type { ChainBreak } from "../program/details.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import { exportersOf, retriesFor, type Exporter } from "./exporters.js";

/** What OTLP/HTTP of today outlasts: a program that has as much patience has done its part. */
const enoughMillis = 7000;
/** Shorter times are meant in seconds: another rule says that. */
const secondsMillis = 60;

/**
 * Exporters that give up before a collector which starts together with the program listens.
 * @param kind `no-retry`: they never try again. `timeout-below-retry`: they would, and are given no time for it
 */
export function impatientExporters(kind: "no-retry" | "timeout-below-retry", project: Project): ChainBreak[] {
  const found = new Map<string, ChainBreak>();
  for (const run of project.runs()) {
    const lifespan = lifespanOf(run, project);
    if (lifespan !== "service" && lifespan !== "unknown") continue;
    for (const exporter of exportersOf(run, project)) {
      const broken = isOf(kind, exporter) ? breakOf(kind, exporter) : undefined;
      if (broken) found.set(`${exporter.fn.module.file}:${String(exporter.call.at[0])}`, broken);
    }
  }
  return [...found.values()];
}

const isOf = (kind: string, { retries }: Exporter): boolean =>
  kind === "no-retry" ? retries === false : retries === true;

function breakOf(kind: "no-retry" | "timeout-below-retry", exporter: Exporter): ChainBreak | undefined {
  const { call, fn, holder, timeout, timeoutMillis = 0 } = exporter;
  const retrying = retriesFor(exporter);
  if (!holder || retrying === undefined) return undefined;
  const patience = holder.firstExportMillis + retrying;
  const isShort = timeout !== undefined && timeoutMillis > secondsMillis && patience < enoughMillis;
  if (kind === "timeout-below-retry" && !isShort) return undefined;
  return {
    kind: "chain-break",
    check: kind,
    fn,
    at: timeout && kind === "timeout-below-retry" ? timeout.at : call.at,
    call,
    names: [exporter.package, exporter.transport, ""],
    strict: true,
  };
}
