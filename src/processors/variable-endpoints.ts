import type { Protocol, Signal } from "../knowledge/otlp-endpoints.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import { targetOf } from "./addresses.js";
import { isMapped, wrongIs, type Wrong } from "./endpoints.js";
import { variablesOf, type Variable } from "./environment.js";
import { exportersOfRun } from "./exporters-of-run.js";

const ENDPOINT = /^OTEL_EXPORTER_OTLP_(?:(TRACES|METRICS|LOGS)_)?ENDPOINT$/;

/**
 * Addresses in variables at which nobody takes what the exporters of the program send.
 * `names` as in `wrongEndpoints`, with `doubled` for a base address that has the path already; the variable in place of the class.
 */
export function wrongVariableEndpoints(project: Project): ChainBreak[] {
  return variablesOf(project).flatMap((variable): ChainBreak[] => {
    const match = ENDPOINT.exec(variable.name);
    if (!match || isReadByProgram(variable, project)) return [];
    const protocol = protocolFor(variable, match[1], project);
    const wrong =
      protocol && wrongValue(variable.value, match[1]?.toLowerCase() as Signal | undefined, protocol);
    if (!wrong || isMapped(wrong.what, project)) return [];
    return [
      {
        kind: "chain-break",
        check: "endpoint",
        fn: variable.fn,
        at: variable.valueAt,
        names: [wrong.what, variable.value, wrong.to, variable.name, protocol, "variable"],
      },
    ];
  });
}

/** What the program does with a variable that it reads itself is its own affair. */
const isReadByProgram = ({ name, runs }: Variable, project: Project): boolean =>
  runs.some((run) =>
    [...run.files].some((file) =>
      new RegExp(`\\b${name}\\b(?!\\s*=[^=])`).test(project.index.read(file) ?? ""),
    ),
  );

/** The one protocol that everything speaks which takes its address from the variables; undefined where nobody knows. */
function protocolFor(variable: Variable, signal: string | undefined, project: Project): Protocol | undefined {
  const found = new Set<Protocol | undefined>();
  for (const run of variable.runs) {
    const made = exportersOfRun(run, project);
    if (made.unknown) return undefined;
    for (const protocol of made.protocols) found.add(protocol);
    if (made.bySdk) found.add(protocolOfSdk(variable, signal, project));
  }
  return found.size === 1 ? [...found][0] : undefined;
}

/** What the variables beside it say, `http/protobuf` where they say nothing; undefined for anything set elsewhere. */
function protocolOfSdk(
  { fn, open }: Variable,
  signal: string | undefined,
  project: Project,
): Protocol | undefined {
  const names = ["OTEL_EXPORTER_OTLP_PROTOCOL", `OTEL_EXPORTER_OTLP_${signal ?? "TRACES"}_PROTOCOL`];
  const said = variablesOf(project).filter((v) => names.includes(v.name));
  if (said.length > 0) {
    const protocols = new Set(
      said.map((v) => (v.value === "grpc" ? "grpc" : v.value.startsWith("http") ? "http" : "?")),
    );
    const [only] = protocols;
    return protocols.size === 1 && only !== "?" ? (only as Protocol) : undefined;
  }
  // another manifest, or a file of variables, may say it
  const { index } = project;
  const mentioned = index.manifestFiles.some((file) => /OTLP_(?:\w+_)?PROTOCOL/.test(index.read(file) ?? ""));
  return mentioned || open === true || /env_file|envFrom|configMapRef/.test(index.read(fn.module.file) ?? "")
    ? undefined
    : "http";
}

function wrongValue(
  value: string,
  signal: Signal | undefined,
  protocol: Protocol,
): { what: Wrong["what"] | "doubled"; to: string } | undefined {
  const target = targetOf({ text: value, tail: false });
  if (!target || /[$`]/.test(value)) return undefined;
  if (signal !== undefined) return wrongIs(target, signal, protocol, true);
  const port = wrongIs(target, "traces", protocol, true);
  if (port?.what === "port") return port;
  const path = /\/v1\/(traces|metrics|logs)\/?$/.exec(target.path ?? "");
  return protocol === "http" && path ? { what: "doubled", to: value.slice(0, -path[0].length) } : undefined;
}
