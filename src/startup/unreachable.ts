import { composeServicesOf, type Service } from "../deployment/compose.js";
import {
  entriesOf,
  fieldAt,
  fieldOf,
  itemsOf,
  textOf,
  type Field,
  type YamlDocument,
} from "../deployment/documents.js";
import { pathOfImage } from "../deployment/links.js";
import { isSaidElsewhere } from "../deployment/overlays.js";
import { asksFor } from "../facts/majors.js";
import { collectorsFromScratch, localhostSince, receiverPorts } from "../knowledge/collectors.js";
import type { ChainBreak } from "../program/details.js";
import type { Run } from "../program/program.js";
import type { Project } from "../program/project.js";
import type { Fn, Span } from "../syntax/ir.js";
import { exportersOf } from "./exporters.js";
import { hostOf } from "./hosts.js";
import { mountedConfig } from "./mounted.js";
import { isRunBy, namesOf } from "./together.js";

export type Protocol = keyof typeof receiverPorts;

/** A protocol of an `otlp` receiver that listens on localhost because nothing else is said. */
export interface Unreachable {
  config: YamlDocument;
  /** The protocol in the configuration. */
  field: Field;
  protocol: Protocol;
}

/**
 * Receivers of collectors in compose files that listen on localhost of their own container, while a program sends to them from
 * elsewhere. `names`: the collector, the protocol, its port.
 */
export function unreachableReceivers(project: Project): ChainBreak[] {
  const services = composeServicesOf(project);
  return services.flatMap((collector): ChainBreak[] => {
    if (!listensOnLocalhost(collector) || sharesNetwork(collector, services)) return [];
    if (isSaidElsewhere(collector, ["image", "command", "volumes", "configs", "network_mode"], project))
      return [];
    const config = mountedConfig(collector, project);
    return (config ? unboundIn(config) : []).flatMap(({ field, protocol }): ChainBreak[] => {
      const sender = senderTo(collector, protocol, services, project);
      if (!config || !sender) return [];
      return [
        {
          kind: "chain-break",
          check: "unreachable-collector",
          fn: config.fn,
          at: field.keyAt,
          names: [collector.name, protocol, String(receiverPorts[protocol])],
          others: [
            { ...sender, message: "the program sends to it" },
            { fn: collector.of.fn, at: collector.at, message: "the collector runs in this container" },
          ],
        },
      ];
    });
  });
}

/** The version of its image listens on localhost by default; the newest does. */
function listensOnLocalhost({ image, build }: Service): boolean {
  if (image === undefined || build || !collectorsFromScratch.some((i) => i.test(pathOfImage(image))))
    return false;
  const tag = /:([^/:@]*)$/.exec(image)?.[1];
  if (tag === undefined) return !image.includes("@");
  if (/^latest(-[a-z0-9]+)?$/.test(tag)) return true;
  const version = /^v?(\d+\.\d+)\.\d+(-[a-z0-9]+)?$/.exec(tag)?.[1];
  return version !== undefined && asksFor(version, localhostSince) === true;
}

/** Containers that share a network reach each other by localhost. */
const sharesNetwork = (collector: Service, services: readonly Service[]): boolean =>
  fieldOf(collector.map, "network_mode", collector.of) !== undefined ||
  services.some((s) => {
    const mode = fieldOf(s.map, "network_mode", s.of);
    return mode !== undefined && /^(service|container):/.test(textOf(mode) ?? "service:");
  });

/** The protocols of `otlp` receivers in use that have no endpoint. */
export function unboundIn(of: YamlDocument): { field: Field; protocol: Protocol }[] {
  const used = new Set(
    entriesOf(fieldAt(of.top, ["service", "pipelines"], of)?.value, of).flatMap(([, pipeline]) =>
      itemsOf(fieldOf(pipeline.value, "receivers", of), of).map((name): unknown => name?.toJSON()),
    ),
  );
  return entriesOf(fieldOf(of.top, "receivers", of)?.value, of).flatMap(([name, receiver]) => {
    if (!/^otlp(\/|$)/.test(name) || !used.has(name)) return [];
    const protocols = entriesOf(fieldOf(receiver.value, "protocols", of)?.value, of);
    return protocols.flatMap(([protocol, field]) => {
      if ((protocol !== "grpc" && protocol !== "http") || fieldOf(field.value, "endpoint", of)) return [];
      // a text in its place may be put in by a variable
      return textOf(field) === undefined ? [{ field, protocol }] : [];
    });
  });
}

const endpointVariable = /^OTEL_EXPORTER_OTLP_(?:(?:TRACES|METRICS|LOGS)_)?ENDPOINT$/;
const isLocal = (host: string | undefined): boolean => host === "localhost" || host === "127.0.0.1";

const startsOpenTelemetry = (run: Run): boolean =>
  [...run.started.keys(), ...run.preloaded].some((vendor) => vendor.name === "OpenTelemetry");

/** A program that sends to the collector by this protocol: in another container, or on the machine through a port of it. */
function senderTo(
  collector: Service,
  protocol: Protocol,
  services: readonly Service[],
  project: Project,
): { fn: Fn; at: Span } | undefined {
  const runs = project.runs().filter(startsOpenTelemetry);
  const beside = services.filter((s) => s.of.file === collector.of.file && s !== collector);
  const names = namesOf(collector);
  for (const service of beside) {
    for (const run of runs.filter((r) => isRunBy(r, service, project))) {
      for (const [name, value] of service.env) {
        const address = (value ?? "").replace(/\$\{\w+:?-([^}]*)\}/g, "$1");
        if (!endpointVariable.test(name) || !names.includes(hostOf(address) ?? "")) continue;
        if (new RegExp(`:${String(receiverPorts[protocol])}(/|$)`).test(address))
          return { fn: service.of.fn, at: service.at };
      }
      const exporter = exportersOf(run, project).find(
        (e) =>
          e.transport === protocol &&
          e.endpoint &&
          !e.endpoint.variables.some((v) => service.env.has(v)) &&
          !service.openEnv &&
          names.includes(e.endpoint.host ?? ""),
      );
      if (exporter) return { fn: exporter.fn, at: exporter.call.at };
    }
  }
  if (!publishes(collector, receiverPorts[protocol])) return undefined;
  return runs
    .filter((run) => !services.some((s) => isRunBy(run, s, project)))
    .flatMap((run) => exportersOf(run, project))
    .filter((e) => e.transport === protocol && isLocal(e.endpoint?.host))
    .map((e) => ({ fn: e.fn, at: e.call.at }))[0];
}

/** A port of the machine leads to the same port of the container. */
const publishes = ({ map, of }: Service, port: number): boolean =>
  itemsOf(fieldOf(map, "ports", of), of).some((item) => {
    const written: unknown = item?.toJSON();
    return (
      typeof written === "string" && new RegExp(`(^|:)${String(port)}:${String(port)}(/tcp)?$`).test(written)
    );
  });
