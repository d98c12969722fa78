import type { Repair } from "../../src/finding.js";
import { signalOfClass } from "../../src/knowledge/otlp-endpoints.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { ChainRepair } from "../edit/repair.js";
import type { Project } from "../../src/program/project.js";
import { propertyOf, withoutProperty } from "../edit/property.js";
import { openSource, type Source } from "../edit/source.js";

const schemes = /^(?:[a-z][a-z+.-]*:\/\/)?/i;

/** The text of an address becomes one that the collector answers to; nothing where it is put together from parts. */
export const repairEndpoint: ChainRepair = (broken, project): Repair | undefined => {
  if (broken.names[5] === "variable") return inVariable(broken, project);
  const source = openSource(project, broken.fn.module.file);
  if (!source) return undefined;
  const [start, end] = broken.at;
  const text = source.text.slice(start, end);
  const unneeded = bySdk(broken, source);
  if (unneeded) return unneeded;
  const changed = corrected(text, broken);
  if (changed === undefined || changed === text) return undefined;
  return {
    level: "review",
    title: titles[broken.names[0] ?? ""] ?? "",
    edits: [source.replace(start, end, changed)],
  };
};

const titles: Record<string, string> = {
  port: "Send to the port of this protocol",
  path: "Send to the path of this signal",
  signal: "Send to the path of this signal",
  doubled: "Leave the path to the SDK",
  tls: "Speak to the collector without TLS",
};

/** The base address of a variable that the exporter reads by itself, and appends the path of its signal to. */
function bySdk({ names: [what], parts: [value] = [], at }: ChainBreak, source: Source): Repair | undefined {
  if (!value || what !== "path") return undefined;
  if (
    !/^process\.env(\.OTEL_EXPORTER_OTLP_ENDPOINT|\[["']OTEL_EXPORTER_OTLP_ENDPOINT["']\])$/.test(
      source.text.slice(...value.at),
    )
  )
    return undefined;
  const property = propertyOf(source, at, "url");
  return (
    property && {
      level: "review",
      title: "Let the exporter read the variable",
      edits: [withoutProperty(source, property)],
    }
  );
}

/** The value of a variable, in a manifest or in code. */
function inVariable(
  { fn, at: [start, end], names: [what, address = "", to = "", name = "", protocol] }: ChainBreak,
  project: Project,
): Repair | undefined {
  const { file } = fn.module;
  if (project.index.read(file)?.slice(start, end) !== address) return undefined;
  const isBase = name === "OTEL_EXPORTER_OTLP_ENDPOINT";
  const text =
    what === "doubled"
      ? to
      : what === "port"
        ? moved(address, to, protocol === "http" && !isBase ? `/v1/${signalOfVariable(name)}` : "")
        : address.replace(/(\/v1\/[a-z]+)?\/?$/, to);
  return { level: "review", title: titles[what ?? ""] ?? "", edits: [{ file, start, end, text }] };
}

const signalOfVariable = (name: string): string =>
  /_(TRACES|METRICS|LOGS)_ENDPOINT$/.exec(name)?.[1]?.toLowerCase() ?? "";

/** The address at another port, with a path where it had none. */
function moved(address: string, port: string, path: string): string {
  const at = address.replace(/:431[78](?=\/|$)/, `:${port}`);
  return path !== "" && /:4318\/?$/.test(at) ? at.replace(/\/?$/, path) : at;
}

/** The literal or template, quotes included. */
function corrected(
  text: string,
  { names: [what, , to = "", cls = "", protocol] }: ChainBreak,
): string | undefined {
  const [quote = ""] = /^["'`]/.exec(text) ?? [];
  if (quote === "" || !text.endsWith(quote)) return undefined;
  const address = text.slice(1, -1);
  if (/[?#]/.test(address.replace(/\$\{[^}]*\}/g, ""))) return undefined;
  const path = `/v1/${signalOfClass[cls] ?? ""}`;
  // an address of gRPC has no path
  if (what === "port") return quote + moved(address, to, protocol === "http" ? path : "") + quote;
  if (what === "tls") return quote + address.replace(schemes, to) + quote;
  return quote + address.replace(/(\/v1\/[a-z]+)?\/?$/, to) + quote;
}
