import { graphqlRunners, graphqlServers, loggers, recordSenders } from "../knowledge/instrumented.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { says } from "../program/says.js";

/** What of the modules that were not patched is missed: spans; records of a logger; or no more than the ids of traces in them. */
export type Missed = "spans" | "records" | "ids";

/** Sorts out what nobody misses: of loggers beside modules with spans, of graphql and gRPC where nothing is asked through them. */
export function missedOf<L extends { specifier: string }>(
  lost: readonly L[],
  vendor: string,
  run: Run,
  project: Project,
): { kind: Missed; lost: readonly L[] } {
  const sends = recordSenders.has(vendor);
  const missed = lost.filter(
    ({ specifier }) =>
      (specifier !== "graphql" || isQueried(run, project)) && (specifier !== GRPC || isSpoken(run, project)),
  );
  const traced = missed.filter(({ specifier }) => !loggers.has(specifier));
  if (traced.length > 0) return { kind: "spans", lost: sends ? missed : traced };
  return { kind: sends ? "records" : "ids", lost: missed };
}

/** Some file of the program runs queries, or asks a package to. */
function isQueried(run: Run, project: Project): boolean {
  return [...run.files].some((file) => {
    const { imports } = project.index.scan(file);
    if (imports.some((i) => i.kind !== "type" && graphqlServers.test(i.specifier))) return true;
    if (!imports.some((i) => i.specifier === "graphql")) return false;
    const module = project.module(file);
    return (
      module?.esm !== true ||
      module.bindings.some((b) => b.from?.specifier === "graphql" && isRunner(b.from.name))
    );
  });
}

const GRPC = "@grpc/grpc-js";
const exporterOverGrpc = /^@opentelemetry\/(exporter-[\w-]+-grpc|otlp-grpc-exporter-base)$/;
const speaks = /\b(Server|\w*Client(Constructor)?|loadPackageDefinition)\b/;

/** Some file asks for more of gRPC than the credentials and metadata of an exporter, whose own calls are traced by nobody. */
const isSpoken = (run: Run, project: Project): boolean =>
  [...run.files].some((file) => {
    const { imports } = project.index.scan(file);
    const loads = imports.some((i) => i.kind !== "type" && i.specifier === GRPC);
    return loads && (!imports.some((i) => exporterOverGrpc.test(i.specifier)) || says(file, speaks, project));
  });

const isRunner = (name: string): boolean => name === "*" || name === "default" || graphqlRunners.has(name);
