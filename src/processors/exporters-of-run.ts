import { finalOf, optionsOf } from "../chain/lists/options.js";
import type { Protocol } from "../knowledge/otlp-endpoints.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { protocolOf } from "./protocol.js";
import { partsOf } from "./parts.js";

/** How the exporters of a program come to their address. */
export interface FromEnvironment {
  /** Of exporters that are made without one. */
  protocols: ReadonlySet<Protocol>;
  /** An SDK makes exporters of the variables alone, their protocol included. */
  bySdk: boolean;
  /** Something is made of options that nobody knows. */
  unknown: boolean;
}

const SDK_OPTIONS = ["traceExporter", "spanProcessors", "spanProcessor"];

/** What a program takes from the variables of exporters. */
export function exportersOfRun(run: Run, project: Project): FromEnvironment {
  const protocols = new Set<Protocol>();
  let bySdk = run.preloaded.some((vendor) => vendor.name === "OpenTelemetry");
  let unknown = false;
  for (const file of new Set([run.entry.file, ...run.entry.preloads, ...run.files])) {
    if (!project.index.scan(file).telemetry) continue;
    const module = project.module(file);
    if (!module) continue;
    for (const part of partsOf(module, project)) {
      const [config] = part.call.args;
      const options = config && optionsOf(config, module, project);
      if (part.cls.facts.part === "sdk") {
        if (config && !options) unknown = true;
        else if (!SDK_OPTIONS.some((name) => options && mayBeGiven(options, name))) bySdk = true;
      }
      const protocol = part.name.startsWith("OTLP") ? protocolOf(part) : undefined;
      if (!protocol) continue;
      if (config && (!options || options.unknownAt !== undefined)) unknown = true;
      else if (!options || !finalOf(options, "url")) protocols.add(protocol);
    }
  }
  return { protocols, bySdk, unknown };
}

const mayBeGiven = (options: NonNullable<ReturnType<typeof optionsOf>>, name: string): boolean =>
  options.unknownAt !== undefined || options.all.some((o) => o.name === name);
