import { finalOf, optionsOf } from "../chain/options.js";
import {
  protocolOfPackage,
  signalOfClass,
  usualPort,
  wrongPath,
  type Protocol,
  type Signal,
} from "../knowledge/otlp-endpoints.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Expr, Module } from "../syntax/ir.js";
import { addressesOf, targetOf, type Address, type Target } from "./addresses.js";
import { allParts, type Part } from "./parts.js";

/**
 * Addresses at which nobody takes what an OTLP exporter sends.
 * `names`: what is wrong (`port`, `path`, `signal`, `tls`), the address, what it should be, the class, its protocol. `parts`: the
 * option's value.
 */
export function wrongEndpoints(project: Project): ChainBreak[] {
  const found = new Map<string, ChainBreak>();
  for (const part of allParts(project)) {
    const signal = signalOfClass[part.name];
    const protocol = signal && protocolOf(part);
    if (!protocol) continue;
    for (const broken of wrongIn(part, signal, protocol, project))
      found.set(`${broken.fn.module.file}:${String(broken.at[0])}`, broken);
  }
  return [...found.values()];
}

function wrongIn(part: Part, signal: Signal, protocol: Protocol, project: Project): ChainBreak[] {
  const { call, fn } = part;
  const [config] = call.args;
  const options = config && optionsOf(config, fn.module, project);
  const url = options && finalOf(options, "url");
  if (!url) return [];
  const secured = options.unknownAt !== undefined || options.all.some((o) => o.name === "credentials");
  return addressesOf(url.value, url.module, project).flatMap((address): ChainBreak[] => {
    const target = targetOf(address);
    const wrong = target && wrongIs(target, signal, protocol, secured);
    if (!wrong || isMapped(wrong.what, project)) return [];
    return [
      {
        kind: "chain-break",
        check: "endpoint",
        fn: address.module === fn.module ? fn : address.module.top,
        at: address.at,
        call,
        names: [wrong.what, address.text, wrong.to, part.name, protocol],
        parts: [url.value],
        others: elsewhere(address, part),
      },
    ];
  });
}

const elsewhere = (address: Address, { call, fn, name }: Part): ChainBreak["others"] =>
  address.module === fn.module ? [] : [{ fn, at: call.at, message: `the ${name} is made here` }];

/** What is wrong with an address, and what stands in its place. */
interface Wrong {
  what: "port" | "path" | "signal" | "tls";
  to: string;
}

function wrongIs(target: Target, signal: Signal, protocol: Protocol, secured: boolean): Wrong | undefined {
  const { port, path, scheme, host } = target;
  if (port === usualPort[protocol === "http" ? "grpc" : "http"])
    return { what: "port", to: usualPort[protocol] };
  if (protocol === "grpc") {
    const isLocal = host !== undefined && /^(localhost|127\.0\.0\.1|0\.0\.0\.0)$/.test(host);
    return isLocal && scheme !== "http" && scheme !== "unix" && !secured
      ? { what: "tls", to: "http://" }
      : undefined;
  }
  const own = `/v1/${signal}`;
  const other = /\/v1\/(traces|metrics|logs)\/?$/.exec(path ?? "")?.[1];
  if (other !== undefined) return other === signal ? undefined : { what: "signal", to: own };
  const misses = path === "" || path === "/" || (path !== undefined && wrongPath.test(path));
  return port === usualPort.http && misses ? { what: "path", to: own } : undefined;
}

/** A compose file or a command of the project leads one port to the other. */
function isMapped(what: string, project: Project): boolean {
  if (what !== "port") return false;
  const { index } = project;
  return index.manifestFiles.some(
    (file) =>
      /\.(ya?ml|sh)$/.test(file) &&
      /431[78]:431[78]/.test(index.read(file) ?? "") &&
      /4317:4318|4318:4317/.test(index.read(file) ?? ""),
  );
}

/** The protocol of an exporter, by the package that its class is imported from. */
function protocolOf({ call, fn }: Part): Protocol | undefined {
  const specifier = specifierOf(call.callee, fn.module);
  return protocolOfPackage.find((p) => specifier !== undefined && p.package.test(specifier))?.protocol;
}

/** The module that a name comes from, through namespaces, aliases and destructured requires. */
function specifierOf(e: Expr, module: Module, depth = 0): string | undefined {
  if (depth > 6) return undefined;
  if (e.k === "import") return e.specifier;
  if (e.k === "mem") return specifierOf(e.o, module, depth + 1);
  if (e.k === "await") return specifierOf(e.e, module, depth + 1);
  if (e.k !== "id" || !e.bind) return undefined;
  if (e.bind.from) return e.bind.from.specifier;
  const [value] = e.bind.values;
  return value && e.bind.values.length === 1 ? specifierOf(value, module, depth + 1) : undefined;
}
