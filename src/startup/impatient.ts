import type { ChainBreak } from "../program/details.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import { exportersOf, retriesFor, type Exporter } from "./exporters.js";
import { pairsOf, type Pair } from "./together.js";

/** A collector that is started at the same moment may need this long to listen. */
const soonMillis = 2000;
/** With as much time three retries fit into it, and a collector may be four seconds late. */
const enoughMillis = 5000;
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
      if (!isOf(kind, exporter)) continue;
      const pair = pairsOf(project).find((p) => p.exporter.call === exporter.call);
      const broken = pair && isLate(pair) ? undefined : breakOf(kind, exporter, pair);
      if (broken) found.set(`${exporter.fn.module.file}:${String(exporter.call.at[0])}`, broken);
    }
  }
  return [...found.values()];
}

const isOf = (kind: string, { retries }: Exporter): boolean =>
  kind === "no-retry" ? retries === false : retries === true;

/** How long after its first span or record an exporter surely gives a batch up. */
function patienceOf(exporter: Exporter): number | undefined {
  const retrying = retriesFor(exporter);
  return exporter.holder && retrying !== undefined ? exporter.holder.firstExportMillis + retrying : undefined;
}

function breakOf(
  kind: "no-retry" | "timeout-below-retry",
  exporter: Exporter,
  pair: Pair | undefined,
): ChainBreak | undefined {
  const { call, fn, holder, timeout, timeoutMillis = 0 } = exporter;
  const patience = patienceOf(exporter);
  if (!holder || patience === undefined) return undefined;
  if (isElsewhere(exporter)) return undefined;
  const isShort = timeout !== undefined && timeoutMillis > secondsMillis && timeoutMillis < enoughMillis;
  if (kind === "timeout-below-retry" && !isShort) return undefined;
  // spans that are sent one by one are for another rule to say
  const isSure = pair !== undefined && patience < soonMillis && !holder.name.startsWith("Simple");
  return {
    kind: "chain-break",
    check: kind,
    fn,
    at: timeout && kind === "timeout-below-retry" ? timeout.at : call.at,
    call,
    names: [exporter.package, exporter.transport, pair?.collector.name ?? ""],
    ...(isSure ? {} : { strict: true }),
    others: pair
      ? [
          {
            fn: pair.collector.of.fn,
            at: pair.collector.at,
            message: "the collector is started here, at the same time",
          },
        ]
      : [],
  };
}

/** A host in the internet was there before the program. */
const isElsewhere = ({ endpoint }: Exporter): boolean =>
  endpoint?.variables.length === 0 &&
  /^(?!\d+\.)[\w-]+(\.[\w-]+)*\.(?!internal$|local$|svc$|lan$|test$)[a-z]{2,}$/.test(endpoint.host ?? "");

/** The collector is held back for longer than the program has patience. */
function isLate({ exporter, heldBy }: Pair): boolean {
  const patience = patienceOf(exporter);
  return heldBy !== undefined && patience !== undefined && heldBy.millis > patience;
}

/** Services that are started long before the collector that they send to, and do not wait for it. */
export function lateCollectors(project: Project): ChainBreak[] {
  const found = new Map<string, ChainBreak>();
  for (const pair of pairsOf(project)) {
    const { program, collector, exporter, heldBy } = pair;
    if (!heldBy || !isLate(pair) || program.open) continue;
    found.set(`${program.of.file}:${String(program.at[0])}`, {
      kind: "chain-break",
      check: "late-collector",
      fn: program.of.fn,
      at: program.at,
      names: [program.name, collector.name, heldBy.name],
      others: [
        {
          fn: collector.of.fn,
          at: collector.at,
          message: `the collector waits until ${heldBy.name} is healthy`,
        },
        { fn: exporter.fn, at: exporter.call.at, message: "the exporter gives up before" },
      ],
    });
  }
  return [...found.values()];
}
