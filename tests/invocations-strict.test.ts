import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { Workspace } from "../src/workspace.js";

/** The findings of the rule that only `strict` has, as `file:line`. */
function strictly(files: Record<string, string>): string[] {
  const root = mkdtempSync(path.join(tmpdir(), "invocations-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  const rules = ["require-invocation-flush"];
  const found = (strict: boolean): string[] =>
    Workspace.open({ root, cacheDir: false, strict, rules })
      .analyse()
      .findings.map((f) => `${f.file}:${String(f.line)}`);
  const [relaxed, strict] = [found(false), found(true)];
  rmSync(root, { recursive: true, force: true });
  expect(relaxed).toEqual([]);
  return strict;
}

const manifest = JSON.stringify({ name: "functions", private: true, type: "module" });

const posthog = (options: string, rest: string): Record<string, string> => ({
  "package.json": manifest,
  "src/count.ts": `import type { Handler } from "aws-lambda";
import { PostHog } from "posthog-node";
const posthog = new PostHog("phc_x", ${options});
export const handler: Handler = async (event: { user: string }) => {
  posthog.capture({ distinctId: event.user, event: "counted" });
${rest}};
`,
});

test("an event that is sent at once is on its way when the process is frozen", () => {
  expect(strictly(posthog("{ flushAt: 1, flushInterval: 0 }", ""))).toEqual(["src/count.ts:5"]);
});

test("an event that is sent at once arrives while the function waits for something else", () => {
  expect(strictly(posthog("{ flushAt: 1 }", "  await fetch('https://example.com');\n"))).toEqual([]);
});

test("a client with the `waitUntil` of the platform needs nobody who waits", () => {
  expect(strictly(posthog("{ flushAt: 1, waitUntil }", ""))).toEqual([]);
});

test("a span that is sent at once is on its way when the process is frozen", () => {
  const found = strictly({
    "package.json": manifest,
    "src/shrink.ts": `import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import type { S3Event } from "aws-lambda";
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter())] }).register();
export const handler = async (event: S3Event) => {
  const span = trace.getTracer("thumbs").startSpan("shrink");
  span.setAttribute("files", event.Records.length);
  span.end();
};
`,
  });
  expect(found).toHaveLength(1);
});

test("a Durable Object goes on when it has answered, for as long as it is not evicted", () => {
  expect(
    strictly({
      "package.json": manifest,
      "wrangler.toml": 'main = "src/room.ts"\n',
      "src/room.ts": `import { DurableObject } from "cloudflare:workers";
import { PostHog } from "posthog-node";
export class Room extends DurableObject<{ KEY: string }> {
  async alarm(): Promise<void> {
    const posthog = new PostHog(this.env.KEY);
    posthog.capture({ distinctId: "room", event: "closed" });
  }
}
export default { fetch: (): Response => new Response("rooms") };
`,
    }),
  ).toEqual(["src/room.ts:6"]);
});
