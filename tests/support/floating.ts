import { rmSync } from "node:fs";
import { expect } from "vitest";
import type { FloatingFlush } from "../../src/program/details.js";
import { type Made, made, newHome } from "./reported.js";
import { added, diagnosticsOf } from "./typecheck.js";

export const SDK = `import { NodeSDK } from "@opentelemetry/sdk-node";

const sdk = new NodeSDK();
sdk.start();

`;
export const POSTHOG = `import { PostHog } from "posthog-node";

const client = new PostHog("key");
client.capture({ distinctId: "1", event: "start" });

`;
export const SENTRY = `import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env.DSN });

`;
export const GRACE = `import closeWithGrace from "close-with-grace";
`;
export const TRACES = `import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const exporter = new OTLPTraceExporter();
`;

const home = newHome();
const checked: Made[] = [];

/** Where a report is, and in what. */
export interface Place {
  /** The reported call, from its start. */
  at: string;
  /** The SDK's call where that is another. */
  flush?: string;
  ending?: string;
  file?: string;
  /** Other files of the program. */
  more?: Record<string, string>;
}

/** What a repair makes of the part that is looked at. */
export interface Outcome {
  level: Made["level"];
  text: string;
  files: Made["files"];
}

/** Repairs a report in `main.ts` (or another file), of which what follows the set-up is given and looked at. */
export function repaired(
  shape: FloatingFlush["shape"],
  head: string,
  text: string,
  { more = {}, file = "main.ts", ...place }: Place,
): Outcome {
  const result = made({
    home,
    files: { [file]: head + text, ...more },
    kind: "floating-flush",
    shape,
    ...place,
  });
  checked.push(result);
  const whole = result.files[file] ?? "";
  return {
    level: result.level,
    text: whole.startsWith(head) ? whole.slice(head.length) : whole,
    files: result.files,
  };
}

/** Holds that TypeScript has nothing new against any result so far. */
export function holdTypes(atLeast: number): void {
  const lines = diagnosticsOf(checked.flatMap((m) => [m.before, m.after]));
  for (const { before, after, title } of checked)
    expect(added(lines.get(before) ?? [], lines.get(after) ?? []), title).toEqual([]);
  expect(checked.length).toBeGreaterThan(atLeast);
}

/** Removes the programs. */
export function cleanUp(): void {
  rmSync(home, { recursive: true, force: true });
}
