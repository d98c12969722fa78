import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { type Collector, type CollectorMode, startCollector } from "../../src/prove/receivers/collector.js";
import { otlpHttpJson } from "../../src/prove/receivers/otlp.js";
import { supervisorIn } from "../../src/supervisor/forms.js";

/** One attribute list of OTLP as an object. */
export type Attributes = Record<string, string | undefined>;

/** A crash report as it arrived. */
export interface Report {
  resource: Attributes;
  attributes: Attributes;
  body: string;
  severityText: string;
  eventName: string | undefined;
}

/** How a supervised program ended. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: Buffer;
  stderr: Buffer;
  /** Milliseconds from its start. */
  took: number;
}

export interface Running {
  ended: Promise<Ended>;
  process: ReturnType<typeof start>;
  /** Settles with the line of stdout that starts with this. */
  line(start: string): Promise<string>;
}

/** Path of one of the programs of this folder. */
export function program(name: string): string {
  return path.join(import.meta.dirname, name);
}

/** The path of a supervisor in a folder of its own that is removed in the end. */
export function writeSupervisor(): { file: string; remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), "telemetry-fix-supervisor-"));
  const file = path.join(folder, "supervisor.mjs");
  const style = { quote: '"', semicolon: ";", indent: "  " } as const;
  writeFileSync(file, supervisorIn({ language: "js", imports: "import", style, lineEnd: "\n" }));
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function start(command: readonly string[], env: Record<string, string>) {
  const [file = "", ...args] = command;
  return spawn(file, args, { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env } });
}

/** Starts a command with pipes, and nothing in its environment that is not given. */
export function run(command: readonly string[], env: Record<string, string> = {}, input?: Buffer): Running {
  const begun = performance.now();
  const child = start(command, env);
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout.on("data", (chunk: Buffer) => chunks.stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.stderr.push(chunk));
  child.stdin.on("error", () => undefined);
  if (input) child.stdin.end(input);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const took = performance.now() - begun;
      resolve({
        code,
        signal,
        took,
        stdout: Buffer.concat(chunks.stdout),
        stderr: Buffer.concat(chunks.stderr),
      });
    });
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const line = (beginning: string) =>
    new Promise<string>((resolve) => {
      const look = () => {
        const lines = Buffer.concat(chunks.stdout).toString().split(/\r?\n/).slice(0, -1);
        const found = lines.find((text) => text.startsWith(beginning));
        if (found !== undefined) resolve(found);
      };
      child.stdout.on("data", look);
      look();
    });
  return { ended, process: child, line };
}

/** A collector that keeps what arrives until the test is over. */
export async function collect(mode: CollectorMode = "accept"): Promise<{
  env: Record<string, string>;
  reports: Report[];
  collector: Collector;
}> {
  const reports: Report[] = [];
  const protocol: typeof otlpHttpJson = {
    ...otlpHttpJson,
    decode(request) {
      reports.push(...reportsIn(request.body.toString()));
      return otlpHttpJson.decode(request);
    },
  };
  const collector = await startCollector([protocol], mode);
  onTestFinished(() => collector.close());
  return { env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, reports, collector };
}

interface List {
  attributes: { key: string; value: { stringValue?: string; intValue?: string } }[];
}
interface Sent {
  resourceLogs: {
    resource: List;
    scopeLogs: {
      logRecords: (List & { body: { stringValue: string }; severityText: string; eventName?: string })[];
    }[];
  }[];
}

/** The log records in the body of a request. */
export function reportsIn(body: string): Report[] {
  const { resourceLogs } = JSON.parse(body) as Sent;
  return resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map((record) => ({
        resource: objectOf(resource),
        attributes: objectOf(record),
        body: record.body.stringValue,
        severityText: record.severityText,
        eventName: record.eventName,
      })),
    ),
  );
}

function objectOf({ attributes }: List): Attributes {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));
}
