import { fieldAt, fieldOf, itemsOf, textOf, type Field } from "../../src/deployment/documents.js";
import type { Edit, Refusal, Repair } from "../../src/finding.js";
import { healthPort } from "../../src/knowledge/collectors.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import type { Configuration } from "../../src/startup/configurations.js";
import { blockOf, inserted, lineInside, lineStart, type Piece } from "./config-lines.js";
import { unansweredIn } from "../../src/startup/probes.js";

const listen = `endpoint: 0.0.0.0:${String(healthPort)}`;

/** The collector answers the probe: its configuration enables `health_check`, and lets it listen for the kubelet. */
export function answerProbe(broken: ChainBreak, project: Project): Repair | Refusal | undefined {
  const found = unansweredIn(project).find(
    ({ workload, at }) => workload.of.fn === broken.fn && at[0] === broken.at[0],
  );
  if (!found) return undefined;
  const { config, collector, failure } = found;
  // the one distribution that has no extensions (opentelemetry-collector-releases, distributions/otelcol-otlp/manifest.yaml)
  if (/opentelemetry-collector-otlp\b/.test(collector.image ?? ""))
    return { refused: "this image is built without the `health_check` extension" };
  const pieces = failure === "off" ? enabled(config) : listening(config);
  const edits = pieces && inConfigMap(pieces, config);
  if (!edits)
    return { refused: "the configuration of the collector is written in a form that is not edited" };
  const title = failure === "off" ? "Enable the health check" : "Let the health check listen for the kubelet";
  return { level: "review", title, edits };
}

/** In front of the comments that stand above a line. */
function aboveComments(text: string, at: number): number {
  const before = text.slice(0, at);
  return at - (/(?:^#[^\n]*\n)+$/m.exec(before)?.[0].length ?? 0);
}

/** `health_check` among the extensions, with an endpoint, and among those of the service. */
function enabled({ document }: Configuration): Piece[] | undefined {
  const { text, top } = document;
  const service = fieldOf(top, "service", document);
  const inService = blockOf(service, text);
  if (!service || !inService || lineStart(text, service.keyAt[0]) !== service.keyAt[0]) return undefined;
  const step = inService.indent;
  const pieces: Piece[] = [];
  const extensions = fieldOf(top, "extensions", document);
  const declared = fieldAt(top, ["extensions", "health_check"], document);
  if (declared) {
    const fixed = endpointFor(declared, text, step, document);
    if (!fixed) return undefined;
    pieces.push(...fixed);
  } else if (extensions) {
    const block = blockOf(extensions, text);
    if (!block) return undefined;
    pieces.push(inserted(block.at, `${block.indent}health_check:\n${block.indent}${step}${listen}\n`));
  } else {
    pieces.push(
      inserted(
        aboveComments(text, service.keyAt[0]),
        `extensions:\n${step}health_check:\n${step}${step}${listen}\n`,
      ),
    );
  }
  const listed = fieldOf(service.value, "extensions", document);
  if (!listed) return [...pieces, inserted(inService.at, `${step}extensions: [health_check]\n`)];
  const range = listed.value?.range;
  if (!range) return undefined;
  if (text[range[0]] === "[" && text[range[1] - 1] === "]") {
    const comma = itemsOf(listed, document).length > 0 ? ", " : "";
    const last = range[0] + text.slice(range[0], range[1] - 1).trimEnd().length;
    return [...pieces, inserted(last, `${comma}health_check`)];
  }
  const start = lineStart(text, range[0]);
  const dash = text.slice(start, range[0]);
  const below = text.indexOf("\n", listed.keyAt[1]) + 1;
  return /^ *$/.test(dash) && text[range[0]] === "-"
    ? [...pieces, inserted(below, `${dash}- health_check\n`)]
    : undefined;
}

/** The extension that is enabled listens on more than localhost. */
function listening({ document }: Configuration): Piece[] | undefined {
  const { text, top } = document;
  const names = itemsOf(fieldAt(top, ["service", "extensions"], document), document);
  const name = names
    .map((e): unknown => e?.toJSON())
    .find((e) => typeof e === "string" && e.startsWith("health_check"));
  const declared = typeof name === "string" ? fieldAt(top, ["extensions", name], document) : undefined;
  const inExtensions = blockOf(fieldOf(top, "extensions", document), text);
  return declared && inExtensions && endpointFor(declared, text, inExtensions.indent, document);
}

/** The lines that give an extension its endpoint; none where it has one that others reach. */
function endpointFor(
  declared: Field,
  text: string,
  step: string,
  document: Configuration["document"],
): Piece[] | undefined {
  const endpoint = fieldOf(declared.value, "endpoint", document);
  if (endpoint) {
    const given = textOf(endpoint);
    const range = endpoint.value?.range;
    const host =
      given === undefined ? undefined : /^(localhost|127\.0\.0\.1|\[::1\]):13133$/.exec(given)?.[1];
    if (host === undefined) return given !== undefined && /^0\.0\.0\.0:13133$/.test(given) ? [] : undefined;
    const start = range ? text.indexOf(host, range[0]) : -1;
    return start < 0 ? undefined : [{ start, end: start + host.length, text: "0.0.0.0" }];
  }
  return lineInside(declared, text, step, listen);
}

/** The pieces where they stand in the ConfigMap; undefined where its text is not written line by line. */
function inConfigMap(pieces: readonly Piece[], { document, of, field }: Configuration): Edit[] | undefined {
  const range = field.value?.range;
  if (!range || !/^\|[+-]?[ \t]*(#.*)?\r?\n/.test(of.text.slice(range[0]))) return undefined;
  const eol = of.text.includes("\r\n") ? "\r\n" : "\n";
  const first = of.text.indexOf("\n", range[0]) + 1;
  const outer = of.text.slice(first).split("\n");
  const inner = document.text.split("\n");
  const shown = inner.findIndex((line) => line.trim() !== "");
  const indent =
    (outer[shown]?.length ?? 0) - (outer[shown]?.endsWith("\r") ? 1 : 0) - (inner[shown]?.length ?? 0);
  if (shown < 0 || indent <= 0) return undefined;
  const blanks = " ".repeat(indent);
  const starts: number[] = [];
  let at = first;
  for (const [n, line] of inner.entries()) {
    const own = outer[n];
    if (
      own === undefined ||
      (line === "" ? own.trim() !== "" && n < inner.length - 1 : own.replace(/\r$/, "") !== blanks + line)
    )
      return undefined;
    starts.push(at + (line === "" ? 0 : indent));
    at += own.length + 1;
  }
  const placed = (offset: number): number => {
    const before = document.text.slice(0, offset).split("\n");
    return (starts[before.length - 1] ?? 0) + (before.at(-1)?.length ?? 0);
  };
  return pieces.map(({ start, end, text }) => {
    const whole = text.endsWith("\n");
    const lines = text.split("\n");
    // whole lines come in front of the blanks of the line that follows
    const moved = whole
      ? lines.map((line) => (line === "" ? "" : `${blanks}${line}`)).join(eol)
      : lines.map((line, n) => (n === 0 ? line : `${blanks}${line}`)).join(eol);
    const shift = whole ? indent : 0;
    return { file: of.file, start: placed(start) - shift, end: placed(end) - shift, text: moved };
  });
}
