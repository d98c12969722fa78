import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as second from "@opentelemetry/sdk-trace-node";
import * as first from "otel-1-sdk-trace-node";
import { describe, expect, it, onTestFinished } from "vitest";
import { readCase } from "../src/prove/caseFile.js";
import { proveCase } from "../src/prove/prove.js";

const root = join(import.meta.dirname, "..");
const packages = join(root, "node_modules");
const caseNamed = (name: string, rule = "no-broken-interceptor") => join(root, "fixtures", rule, name);

/** What a program imports by the name on the left is the package of the first major version on the right. */
const ofFirstMajor = {
  api: "@opentelemetry/api",
  "sdk-trace-node": "otel-1-sdk-trace-node",
  "exporter-trace-otlp-http": "otel-1-exporter-trace-otlp-http",
};

/** A copy of a case whose program finds the first major version of OpenTelemetry. */
function withFirstMajor(directory: string): string {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), "telemetry-fix-first-")));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  cpSync(directory, copy, { recursive: true });
  const scope = join(copy, "before", "node_modules", "@opentelemetry");
  mkdirSync(scope, { recursive: true });
  for (const [name, from] of Object.entries(ofFirstMajor))
    symlinkSync(join(packages, from), join(scope, name), "junction");
  return copy;
}

describe.each(["card-numbers-hidden-and-the-last-orders-lost", "exporter-counted-and-never-closed"])(
  "%s",
  (name) => {
    it.each(["1.x", "2.x"])(
      "loses its spans with OpenTelemetry %s, and none after the repair",
      async (major) => {
        const directory = caseNamed(name);
        const proven = readCase(directory);
        const proof = await proveCase(
          major === "1.x" ? { ...proven, directory: withFirstMajor(directory) } : proven,
        );
        expect(proof.failures).toEqual([]);
        expect(proof.before.lost.names).toEqual(proven.run?.expected.spans);
        expect(proof.after?.lost.names).toEqual([]);
      },
      60_000,
    );
  },
);

interface Processor {
  onStart(...of: never[]): void;
  onEnd(...of: never[]): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

type Wrap = new (...of: unknown[]) => Processor;

/** The class that a file of a case exports, before or after the repair. */
async function wrapperOf(
  name: string,
  side: "before" | "after",
  file: string,
  exported: string,
): Promise<Wrap> {
  const module = (await import(join(caseNamed(name), side, file))) as Record<string, Wrap>;
  const found = module[exported];
  if (!found) throw new Error(`${file} exports no ${exported}`);
  return found;
}

const majors = { "1.x": first, "2.x": second } as const;

/** A provider with one processor, a batch that takes its time to send, and the names of the spans that it has sent. */
function providerWith(major: keyof typeof majors, wrap: (inner: Processor) => Processor) {
  const { BatchSpanProcessor, NodeTracerProvider } = majors[major] as unknown as typeof second;
  const sent: string[] = [];
  const batch = new BatchSpanProcessor({
    export(spans, done) {
      setTimeout(() => {
        sent.push(...spans.map((span) => span.name));
        done({ code: 0 });
      }, 50);
    },
    shutdown: () => Promise.resolve(),
  });
  const provider = new NodeTracerProvider({
    spanProcessors: [wrap(batch as unknown as Processor) as never],
    forceFlushTimeoutMillis: 200,
  } as never);
  return { provider, sent };
}

describe.each(["1.x", "2.x"] as const)("OpenTelemetry %s", (major) => {
  it("sends nothing by a flush that a processor keeps to itself", async () => {
    const sentBy = async (side: "before" | "after") => {
      const FanOut = await wrapperOf(
        "several-processors-and-nobody-is-flushed",
        side,
        "src/fan-out.ts",
        "FanOutProcessor",
      );
      const { provider, sent } = providerWith(major, (inner) => new FanOut([inner]));
      provider.getTracer("test").startSpan("order").end();
      await provider.forceFlush().catch(() => undefined);
      return [...sent];
    };
    expect(await sentBy("before")).toEqual([]);
    expect(await sentBy("after")).toEqual(["order"]);
  });

  it("does not wait for a shutdown whose promise a processor drops", async () => {
    const sentBy = async (side: "before" | "after") => {
      const Slow = await wrapperOf("end-of-the-batch-is-not-waited-for", side, "src/slow.ts", "SlowSpans");
      const { provider, sent } = providerWith(major, (inner) => new Slow(inner, 1));
      const start = Date.now() - 5000;
      provider.getTracer("test").startSpan("report", { startTime: start }).end();
      await provider.shutdown();
      return [...sent];
    };
    expect(await sentBy("before")).toEqual([]);
    expect(await sentBy("after")).toEqual(["report"]);
  });

  it("cannot flush a processor whose flush returns nothing", async () => {
    const flushedBy = async (side: "before" | "after") => {
      const Baggage = await wrapperOf("flush-without-a-promise", side, "src/baggage.js", "BaggageProcessor");
      const { provider } = providerWith(major, () => new Baggage());
      return provider.forceFlush().then(
        () => "flushed",
        (error: unknown) => String(error),
      );
    };
    expect(await flushedBy("before")).toContain("TypeError");
    expect(await flushedBy("after")).toBe("flushed");
  });

  it("exports nothing of spans whose sampler is async", async () => {
    const { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } = majors[
      major
    ] as unknown as typeof second;
    const exportedBy = (shouldSample: () => unknown) => {
      const exporter = new InMemorySpanExporter();
      const provider = new NodeTracerProvider({
        sampler: { shouldSample, toString: () => "all" } as never,
        spanProcessors: [new SimpleSpanProcessor(exporter)],
      });
      provider.getTracer("test").startSpan("order").end();
      return exporter.getFinishedSpans().length;
    };
    const all = { decision: second.SamplingDecision.RECORD_AND_SAMPLED };
    expect(exportedBy(() => Promise.resolve(all))).toBe(0);
    expect(exportedBy(() => all)).toBe(1);
  });
});

describe("the second of two processors", () => {
  it("is shut down after the repair only", async () => {
    const sentBy = async (side: "before" | "after") => {
      const sent: string[] = [];
      const exporter = (name: string) => ({
        export: (_spans: unknown, done: (result: { code: number }) => void) => {
          sent.push(name);
          done({ code: 0 });
        },
        shutdown: () => Promise.resolve(),
      });
      const Mirror = await wrapperOf(
        "second-backend-is-never-told",
        side,
        "src/mirror.ts",
        "MirrorProcessor",
      );
      const processor = new Mirror(exporter("current"), exporter("next"));
      const provider = new second.NodeTracerProvider({ spanProcessors: [processor as never] });
      provider.getTracer("test").startSpan("order").end();
      await provider.shutdown();
      return sent;
    };
    expect(await sentBy("before")).toEqual(["current"]);
    expect(await sentBy("after")).toEqual(["current", "next"]);
  });
});

describe("a stand-in for a provider", () => {
  it("throws where the program shuts it down, and not after the repair", async () => {
    const stoppedBy = async (side: "before" | "after") => {
      const file = join(
        caseNamed("switched-off-and-shut-down-all-the-same", "no-channel-type-change"),
        side,
        "src/tracing.js",
      );
      const { stop } = (await import(file)) as { stop(): Promise<void> };
      return stop().then(
        () => "stopped",
        (error: unknown) => String(error),
      );
    };
    expect(await stoppedBy("before")).toMatch(/TypeError.*shutdown/);
    expect(await stoppedBy("after")).toBe("stopped");
  });
});

describe("an interceptor of undici", () => {
  it.each([
    ["async", "unheard: no token\nwaits for ever\n"],
    ["at-once", "rejected: no token\n"],
  ])("that is %s and fails", (form, said) => {
    const program = join(import.meta.dirname, "prove-programs", "async-dispatch.mjs");
    expect(execFileSync(process.execPath, [program, form], { encoding: "utf8" })).toBe(said);
  });
});
