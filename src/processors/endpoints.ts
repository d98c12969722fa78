import { finalOf, optionsOf } from "../chain/lists/options.js";
import {
  signalOfClass,
  usualPort,
  wrongPath,
  type Protocol,
  type Signal,
} from "../knowledge/otlp-endpoints.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Expr } from "../syntax/ir.js";
import { addressesOf, targetOf, type Address, type Target } from "./addresses.js";
import { variablesOf } from "./environment.js";
import { allParts, type Part } from "./parts.js";
import { protocolOf } from "./protocol.js";

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
  const given = givenBy(url.value, part, signal, protocol, project);
  if (given) return [given];
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

/** `url: process.env.NAME`, where every manifest that sets the variable gives it an address which is no url of the signal. */
function givenBy(
  url: Expr,
  { call, fn, name }: Part,
  signal: Signal,
  protocol: Protocol,
  project: Project,
): ChainBreak | undefined {
  const read = url.k === "logic" && url.op !== "&&" ? url.l : url;
  if (read.k !== "mem" || read.p === undefined) return undefined;
  const isEnv = project.values
    .of(read.o, fn.module)
    .some((v) => v.v === "global" && v.path === "process.env");
  if (!isEnv) return undefined;
  const set = variablesOf(project).filter(
    (v) => v.name === read.p && v.runs.some((run) => run.files.has(fn.module.file)),
  );
  const wrongs = set.map((v) => {
    const target = targetOf({ text: v.value, tail: false });
    return target && wrongIs(target, signal, protocol, true);
  });
  const [wrong] = wrongs;
  const [first] = set;
  if (!wrong || !first || wrongs.some((w) => w?.what !== wrong.what)) return undefined;
  return {
    kind: "chain-break",
    check: "endpoint",
    fn,
    at: read.at,
    call,
    names: [wrong.what, first.value, wrong.to, name, protocol],
    parts: [url],
    others: set.map((v) => ({ fn: v.fn, at: v.valueAt, message: `${v.name} is set here` })),
  };
}

const elsewhere = (address: Address, { call, fn, name }: Part): ChainBreak["others"] =>
  address.module === fn.module ? [] : [{ fn, at: call.at, message: `the ${name} is made here` }];

/** What is wrong with an address, and what stands in its place. */
export interface Wrong {
  what: "port" | "path" | "signal" | "tls";
  to: string;
}

export function wrongIs(
  target: Target,
  signal: Signal,
  protocol: Protocol,
  secured: boolean,
): Wrong | undefined {
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
export function isMapped(what: string, project: Project): boolean {
  if (what !== "port") return false;
  const { index } = project;
  return index.manifestFiles.some(
    (file) =>
      /\.(ya?ml|sh)$/.test(file) &&
      /431[78]:431[78]/.test(index.read(file) ?? "") &&
      /4317:4318|4318:4317/.test(index.read(file) ?? ""),
  );
}
