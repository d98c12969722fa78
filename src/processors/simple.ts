import { isSure } from "../chain/surely.js";
import type { ChainBreak } from "../program/details.js";
import { lifespanOf } from "../program/lifespan.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import type { Fn } from "../syntax/ir.js";
import { exporterOf, telemetryModules, partsOf, type Part } from "./parts.js";

const SIMPLE = new Set(["SimpleSpanProcessor", "SimpleLogRecordProcessor"]);
const FOR_WORK =
  /(^|[^a-z])(dev|develop|development|debug|local|test|testing|demo|examples?|playground)([^a-z]|$)|Dev(?![a-z])|Debug|Local(?![a-z])|Test(?![a-z])/;

/**
 * Processors that make a request of every span or record, in a server.
 * `names`: the class, its exporter. `parts`: the exporter's expression.
 */
export function simpleInServers(project: Project): ChainBreak[] {
  const servers = project.runs().filter((run) => isStarted(run) && lifespanOf(run, project) === "service");
  if (servers.length === 0) return [];
  return telemetryModules(project).flatMap((module) =>
    partsOf(module, project).flatMap((part): ChainBreak[] => {
      const run = SIMPLE.has(part.name) ? servers.find((r) => r.files.has(module.file)) : undefined;
      const exporter = run && exporterOf(part, project);
      if (!run || !exporter || !sendsFar(exporter) || !isForAll(part) || isLeft(part)) return [];
      return [broken(part, exporter, run)];
    }),
  );
}

function broken({ call, fn, name }: Part, exporter: Part, run: Run): ChainBreak {
  const [start] = run.started.values();
  return {
    kind: "chain-break",
    check: "simple-processor",
    fn,
    at: call.at,
    call,
    names: [name, exporter.name],
    parts: call.args,
    others: start ? [{ fn: start.fn, at: start.at, message: "the server starts it here" }] : [],
  };
}

/** A provider that nobody registers gets what its own program hands it, which is not what requests make. */
const isStarted = ({ started }: Run): boolean => [...started.keys()].some((v) => v.name === "OpenTelemetry");

/** The exporters of OTLP count their requests (`concurrencyLimit`, 30); those of Zipkin and Jaeger take any number. */
const sendsFar = ({ name, cls }: Part): boolean =>
  cls.facts.buffering !== "none" && /^OTLP\w+Exporter$/.test(name);

/** Kept under a name that nobody reads: the SDK makes a processor of its own. */
function isLeft({ call, fn: { module } }: Part): boolean {
  const kept = module.bindings.find((b) => b.values.some((v) => v === call));
  const isExported = [...module.exports.values()].some(
    (e) => e.kind === "value" && e.e.k === "id" && e.e.bind === kept,
  );
  return kept !== undefined && kept.uses.length === 0 && !isExported;
}

/** No branch chooses it, and nothing around it says that it is for work on the program. */
function isForAll({ call, fn }: Part): boolean {
  for (let at: Fn | undefined = fn; at; at = at.parent) if (FOR_WORK.test(at.name ?? "")) return false;
  return isSure(call, fn) && !FOR_WORK.test(fn.module.file);
}
