import type { Files } from "./program-index-tree.js";
import { repaired, type Repaired } from "./crash-repairs.js";

/** A program whose entry is `main.<ext>`, and what its repair makes of that file below a set-up. */
export function main(
  head: string,
  text: string,
  { versions, more = {}, file = "main.js" }: Options = {},
): Repaired & { text: string } {
  const made = repaired({
    "package.json": {
      name: "app",
      type: "module",
      scripts: { start: `node ${file}` },
      ...(versions ? { dependencies: versions } : {}),
    },
    [file]: head + text,
    ...more,
  });
  const after = made.files[file] ?? "";
  return { ...made, text: after.startsWith(head) ? after.slice(head.length) : after };
}

export interface Options {
  versions?: Record<string, string>;
  more?: Files;
  file?: string;
}

export const SENTRY = `import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env.DSN });

`;

export const TRACED = `import { SpanStatusCode, trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";

export const sdk = new NodeSDK();
sdk.start();
process.once("beforeExit", () => void sdk.shutdown().catch(console.error));
const tracer = trace.getTracer("jobs");

`;

export const WORK = `async function run(data) {
  const response = await fetch("https://example.test");
  console.log(await response.json(), data);
}
`;

export const SENTRY_8 = { "@sentry/node": "^8.20.0" };
