import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { applyEdits } from "../src/cli/apply/edits.js";
import { proveCommand } from "../src/prove/command.js";
import type { Expected } from "../src/prove/expected.js";
import { startCollector } from "../src/prove/receivers/collector.js";
import { posthog } from "../src/prove/receivers/posthog.js";
import { Workspace } from "../src/workspace.js";
import { startWorker } from "./support/worker.js";

const home = join(import.meta.dirname, "..");
const roots: string[] = [];

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

function repository(files: Record<string, string>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "telemetry-fix-invocation-")));
  roots.push(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  symlinkSync(join(home, "node_modules"), join(root, "node_modules"));
  return root;
}

/** Writes every repair that the rule offers, and tells the checks that spoke. */
function repair(root: string): string[] {
  const workspace = Workspace.open({ root, cacheDir: false, rules: ["require-invocation-flush"] });
  const { findings } = workspace.analyse();
  for (const finding of findings) {
    const edits = workspace.repair(finding)?.edits ?? [];
    for (const file of new Set(edits.map((edit) => edit.file))) {
      const own = edits.filter((edit) => edit.file === file);
      writeFileSync(join(root, file), applyEdits(workspace.read(file) ?? "", own));
    }
  }
  return findings.map(({ check }) => check ?? "");
}

const manifest = (packages: Record<string, string>): string =>
  JSON.stringify({ name: "orders", private: true, type: "module", dependencies: packages });

const lambda = (packages: Record<string, string>, handler: string): Record<string, string> => ({
  "package.json": manifest(packages),
  "serverless.yml": "service: orders\nfunctions:\n  take:\n    handler: src/orders.take\n",
  "src/orders.mjs": handler,
});

/** What two invocations of the function lose, in one process that is frozen after each. */
async function lostBy(root: string, expected: Expected): Promise<string[] | undefined> {
  const report = await proveCommand([process.execPath], {
    cwd: root,
    scenario: "freeze",
    handler: "src/orders.take",
    invocations: [{ n: 1 }, { n: 2 }],
    deadlineMillis: 30_000,
    expected,
  });
  expect(report).toMatchObject({ timedOut: false, signal: "SIGKILL" });
  return report.lost?.names;
}

const sentry = (rest: string): string => `import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env.SENTRY_DSN });

${rest}`;

const opentelemetry = (flush: string): string => `import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();

export const take = async (event) => {
  const span = trace.getTracer("orders").startSpan(\`order \${event.n}\`);
  span.end();
${flush}  return { taken: event.n };
};
`;

const programs: Record<string, [check: string, files: Record<string, string>, Expected, lost: string[]]> = {
  "Sentry, captured and thrown": [
    "unflushed",
    lambda(
      { "@sentry/node": "^10.78.0" },
      sentry(`export const take = async (event) => {
  try {
    throw new Error(\`failed \${event.n}\`);
  } catch (error) {
    Sentry.captureException(error);
    throw error;
  }
};
`),
    ),
    { events: ["failed 2"] },
    ["failed 2"],
  ],
  "Sentry, closed by each invocation": [
    "closed-per-invocation",
    lambda(
      { "@sentry/node": "^10.78.0" },
      sentry(`export const take = async (event) => {
  Sentry.captureMessage(\`took \${event.n}\`);
  await Sentry.close(2000);
};
`),
    ),
    { events: ["took 1", "took 2"] },
    ["took 2"],
  ],
  "OpenTelemetry, spans in a batch": [
    "unflushed",
    lambda({ "@opentelemetry/sdk-trace-node": "^2.12.0" }, opentelemetry("")),
    { spans: ["order 1", "order 2"] },
    ["order 1", "order 2"],
  ],
  "OpenTelemetry, shut down by each invocation": [
    "closed-per-invocation",
    lambda({ "@opentelemetry/sdk-trace-node": "^2.12.0" }, opentelemetry("  await provider.shutdown();\n")),
    { spans: ["order 1", "order 2"] },
    ["order 2"],
  ],
  "PostHog, captured and answered": [
    "unflushed",
    lambda(
      { "posthog-node": "^5.70.0" },
      `import { PostHog } from "posthog-node";

const posthog = new PostHog("phc_local", { host: process.env.POSTHOG_HOST });

export const take = async (event) => {
  posthog.capture({ distinctId: "somebody", event: \`ordered \${event.n}\` });
  return { taken: event.n };
};
`,
    ),
    { events: ["ordered 1", "ordered 2"] },
    ["ordered 1", "ordered 2"],
  ],
  "PostHog, a flush that nobody waits for": [
    "floating-flush",
    lambda(
      { "posthog-node": "^5.70.0" },
      `import { PostHog } from "posthog-node";

const posthog = new PostHog("phc_local", { host: process.env.POSTHOG_HOST });

export const take = async (event) => {
  posthog.capture({ distinctId: "somebody", event: \`ordered \${event.n}\` });
  void posthog.flush();
  return { taken: event.n };
};
`,
    ),
    { events: ["ordered 2"] },
    ["ordered 2"],
  ],
};

describe("a Lambda function that is frozen when it has answered", () => {
  it.each(Object.entries(programs))(
    "%s",
    async (_name, [check, files, expected, lost]) => {
      const root = repository(files);
      expect((await lostBy(root, expected))?.sort()).toEqual(lost);
      expect(repair(root)).toEqual([check]);
      expect(await lostBy(root, expected)).toEqual([]);
    },
    60_000,
  );
});

const worker = `import { PostHog } from "posthog-node";

export default {
  async fetch(request, env, ctx) {
    const posthog = new PostHog("phc_local", { host: env.COLLECTOR });
    posthog.capture({ distinctId: "somebody", event: "ordered" });
    void posthog.shutdown();
    return new Response("ok");
  },
};
`;

/** How many events of one request to the Worker arrive. */
async function arrivalsOf(root: string): Promise<number> {
  const collector = await startCollector([posthog], "accept");
  const running = await startWorker(join(root, "src/index.mjs"), { COLLECTOR: collector.url });
  try {
    expect((await fetch(running.url)).status).toBe(200);
    await sleep(1500);
    return collector.arrivals.length;
  } finally {
    await running.stop();
    await collector.close();
  }
}

describe("a Worker that has answered", () => {
  it("sends what it held after the repair", async () => {
    const root = repository({
      "package.json": manifest({ "posthog-node": "^5.70.0" }),
      "wrangler.toml": 'name = "orders"\nmain = "src/index.mjs"\n',
      "src/index.mjs": worker,
    });
    expect(await arrivalsOf(root)).toBe(0);
    expect(repair(root)).toEqual(["floating-flush"]);
    expect(await arrivalsOf(root)).toBe(1);
  }, 60_000);
});
