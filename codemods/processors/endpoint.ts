import type { Repair } from "../../src/finding.js";
import { signalOfClass } from "../../src/knowledge/otlp-endpoints.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { ChainRepair } from "../chain/repair.js";
import { openSource } from "../edit/source.js";

const schemes = /^(?:[a-z][a-z+.-]*:\/\/)?/i;

/** The text of an address becomes one that the collector answers to; nothing where it is put together from parts. */
export const repairEndpoint: ChainRepair = (broken, project): Repair | undefined => {
  const source = openSource(project, broken.fn.module.file);
  if (!source) return undefined;
  const [start, end] = broken.at;
  const text = source.text.slice(start, end);
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
  tls: "Speak to the collector without TLS",
};

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
  if (what === "port") {
    const moved = address.replace(/:431[78](?=\/|$)/, `:${to}`);
    // an address of gRPC has no path
    const whole = protocol === "http" && /:4318\/?$/.test(moved) ? moved.replace(/\/?$/, path) : moved;
    return quote + whole + quote;
  }
  if (what === "tls") return quote + address.replace(schemes, to) + quote;
  return quote + address.replace(/(\/v1\/[a-z]+)?\/?$/, to) + quote;
}
