import type { CrashVendor } from "./vendors.js";

/** A way to fail, as programs that lose the report of it, and as the repair that a person would write. */
export interface Failure {
  name: string;
  before(vendor: CrashVendor): Files;
  /** By hand; what differs from `before`. */
  after(vendor: CrashVendor): Files;
  exitCode: number;
  /** Where the repair changes it. */
  exitCodeBefore?: number;
  /** No SDK hears of it by itself, whatever its options: something in the program has taken it. */
  taken?: true;
}

/** Texts by path. */
export type Files = Record<string, string>;

/** What the program says of every failure. */
export const message = "disk is full";

/** An async function that fails. */
export const failing = (name: string): string => `async function ${name}() {
  throw new Error("${message}");
}
`;

/** Lines as they stand in a block. */
export const indented = (lines: readonly string[], by = "  "): string =>
  lines.map((line) => `${by}${line}\n`).join("");

/** The SDK is told of `error`, and what it has is sent. */
export const reportsAndSends = ({ reports, sends }: CrashVendor): string[] => [
  ...reports,
  ...(sends ? [sends] : []),
];

/** The lines that end a program which has failed: told, sent, and with the exit code that it had. */
export const lastWords = (vendor: CrashVendor): string[] => [
  "console.error(error);",
  ...reportsAndSends(vendor),
  "process.exit(1);",
];

/** `main.mjs`: the telemetry first, then what else is needed. */
export function main(vendor: CrashVendor, { imports = [], repaired, ends }: Head, body: string): Files {
  const { records, sends } = vendor;
  const told = repaired ? vendor.imports : (records?.imports ?? []);
  // what has to do with a report is not needed for a close
  const closes = vendor.imports.filter((line) => !repaired && !line.includes("SpanStatusCode"));
  const wanted = [...imports, ...told, ...(ends ? [SLEEP, ...(sends ? closes : [])] : [])];
  const start = wanted.some((line) => line.includes("./telemetry.mjs")) ? [] : [`import "./telemetry.mjs";`];
  const lead = records ? `${records.statement}\n\n` : "";
  const end = ends ? `\n${indented(["await sleep(200);", ...ends, ...(sends ? [sends] : [])], "")}` : "";
  return { "main.mjs": `${[...start, ...wanted].join("\n")}\n\n${lead}${body}${end}` };
}

const SLEEP = `import { setTimeout as sleep } from "node:timers/promises";`;

interface Head {
  imports?: string[];
  /** With the imports of the report. */
  repaired?: boolean;
  /** A service that closes itself after a moment: this first, its telemetry last. */
  ends?: string[];
}
