import { asksFor } from "../facts/majors.js";
import {
  defaultTimeoutMillis,
  endpointVariables,
  jitter,
  otlpExporters,
  pausesMillis,
  retriesRefused,
} from "../knowledge/export-retries.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { says } from "../program/says.js";
import type { Call, Expr, Fn, Module } from "../syntax/ir.js";
import { hostOf } from "./hosts.js";
import { holderOf, type Holder } from "./holders.js";
import { isRead, numberOf, propertyOf } from "./options.js";

/** An OTLP exporter that a program makes. */
export interface Exporter {
  call: Call;
  fn: Fn;
  /** The package that it comes from. */
  package: string;
  transport: "http" | "grpc";
  /** Whether its version tries again when the collector refuses the connection; undefined when the version is not known. */
  retries: boolean | undefined;
  /** `timeoutMillis`; undefined when it cannot be read. */
  timeoutMillis: number | undefined;
  /** The property that gives it. */
  timeout: Expr | undefined;
  /** Where it looks for its collector; undefined when that cannot be told. */
  endpoint: Endpoint | undefined;
  /** What hands it its batches; undefined when the module does not show that. */
  holder: Holder | undefined;
}

/** Variables of which the first that is set gives the address, and the host that is written beside them. */
export interface Endpoint {
  variables: readonly string[];
  host: string | undefined;
}

const makes = /\bOTLP(?:Trace|Log)Exporter\b/;

/** The OTLP exporters of spans and log records that the files of a program make. */
export function exportersOf(run: Run, project: Project): Exporter[] {
  return [...run.files].sort().flatMap((file) => {
    if (project.index.isTest(file) || !says(file, makes, project)) return [];
    let made = known.get(project);
    if (!made) known.set(project, (made = new Map()));
    let found = made.get(file);
    if (!found) made.set(file, (found = madeIn(file, project)));
    return found;
  });
}

const known = new WeakMap<Project, Map<string, Exporter[]>>();

function madeIn(file: string, project: Project): Exporter[] {
  const module = project.module(file);
  return (module?.calls ?? []).flatMap(({ call, fn }): Exporter[] => {
    const name = call.isNew && module ? packageOf(call.callee) : undefined;
    const facts = name === undefined ? undefined : otlpExporters[name];
    if (!module || name === undefined || !facts || memberOf(call.callee) !== facts.className) return [];
    const options = call.args[0];
    const timeout = propertyOf(options, "timeoutMillis");
    const { transport, className } = facts;
    const version = versionOf(name, file, project);
    return [
      {
        call,
        fn,
        package: name,
        transport,
        retries: transport === "grpc" ? false : asksFor(version, retriesRefused),
        timeoutMillis: timeout ? numberOf(timeout) : isRead(options) ? defaultTimeoutMillis : undefined,
        timeout,
        endpoint: endpointOf(options, className, module, project),
        holder: holderOf(call, module),
      },
    ];
  });
}

/** The package that a name, or a member of a namespace, was taken from. */
function packageOf(callee: Expr): string | undefined {
  if (callee.k === "mem") return specifierOf(callee.o);
  if (callee.k !== "id" || !callee.bind) return undefined;
  const { from, values } = callee.bind;
  if (from) return from.typeOnly ? undefined : from.specifier;
  const [value] = values;
  return values.length === 1 && value?.k === "mem" ? specifierOf(value.o) : undefined;
}

function specifierOf(e: Expr): string | undefined {
  if (e.k === "import") return e.specifier;
  if (e.k !== "id" || !e.bind) return undefined;
  const { from, values } = e.bind;
  if (from) return from.typeOnly ? undefined : from.specifier;
  const [value] = values;
  return values.length === 1 && value?.k === "import" ? value.specifier : undefined;
}

/** The name by which a package exports what is called. */
function memberOf(callee: Expr): string | undefined {
  if (callee.k === "mem") return callee.p;
  if (callee.k !== "id") return undefined;
  const [value] = callee.bind?.values ?? [];
  return callee.bind?.from?.name ?? (value?.k === "mem" ? value.p : undefined);
}

/** The range that package.json asks for, where it can mean but one version of 0.x. */
function versionOf(name: string, file: string, project: Project): string | undefined {
  const root = project.index.packageOf("package.json")?.json;
  const own = project.index.packageOf(file)?.json;
  for (const json of [own, root]) {
    const forced = JSON.stringify([json?.["overrides"], json?.["resolutions"], json?.["pnpm"]]);
    if (forced.includes("otlp") || forced.includes("@opentelemetry/*")) return undefined;
  }
  const range = own?.dependencies?.[name] ?? root?.dependencies?.[name];
  return range !== undefined && /^[~^]?0\.\d+(\.(\d+|x|\*))?$/.test(range)
    ? range.replace(/\.[x*]$/, "")
    : undefined;
}

function endpointOf(
  options: Expr | undefined,
  className: string,
  module: Module,
  project: Project,
): Endpoint | undefined {
  if (!isRead(options)) return undefined;
  const url = propertyOf(options, "url");
  if (!url) return { variables: endpointVariables[className] ?? [], host: "localhost" };
  return writtenIn(url, module, project);
}

/** The variables and the host that an expression is written with; undefined where it has more in it. */
function writtenIn(e: Expr, module: Module, project: Project, depth = 0): Endpoint | undefined {
  if (e.k === "id") {
    const [value] = e.bind?.kind === "var" ? e.bind.values : [];
    return value && depth < 4 ? writtenIn(value, module, project, depth + 1) : undefined;
  }
  if (e.k === "call") return undefined;
  const text = project.index.read(module.file)?.slice(...e.at) ?? "";
  const variables = [...text.matchAll(/\bprocess\.env(?:\.(\w+)|\[["'](\w+)["']\])/g)].map(
    (m) => m[1] ?? m[2] ?? "",
  );
  // `${endpoint}/v1/traces`
  const named = e.k === "seq" ? e.es.filter((part) => part.k === "id") : [];
  const parts = named.map((part) => writtenIn(part, module, project, depth + 1));
  if (parts.includes(undefined)) return undefined;
  const host = hostOf(text) ?? parts.find((part) => part?.host !== undefined)?.host;
  const all = [...variables, ...parts.flatMap((part) => part?.variables ?? [])];
  return all.length > 0 || host !== undefined ? { variables: all, host } : undefined;
}

/** How long after its first attempt an exporter surely still tries to send a batch. */
export function retriesFor({ retries, timeoutMillis }: Exporter): number | undefined {
  if (retries === false) return 0;
  if (retries === undefined || timeoutMillis === undefined) return undefined;
  let shortest = 0;
  let longest = 0;
  for (const pause of pausesMillis) {
    if (longest + pause * (1 + jitter) > timeoutMillis) break;
    shortest += pause * (1 - jitter);
    longest += pause * (1 + jitter);
  }
  return shortest;
}
