import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Workspace } from "../src/workspace.js";
import { applyRepairs } from "../src/cli/apply/apply.js";

/** A folder with one module and its manifest. */
function folderOf(text: string): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "chains-strict-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(join(root, "links.ts"), text);
  const dependencies = { "@opentelemetry/api": "^1.9.0", "@grpc/grpc-js": "^1.14.0", koa: "^3.0.0" };
  writeFileSync(join(root, "package.json"), JSON.stringify({ name: "links", type: "module", dependencies }));
  return root;
}

const open = (root: string, strict: boolean): Workspace => Workspace.open({ root, cacheDir: false, strict });

/** What strict says about a module, `check line`; by default nothing is said. */
function strictly(text: string): string[] {
  const root = folderOf(text);
  expect(open(root, false).analyse().findings).toEqual([]);
  return open(root, true)
    .analyse()
    .findings.map((f) => `${String(f.check)} ${String(f.line)}`);
}

/** A module in which the links are put into a chain. */
const chained = (chain: string, links = READER + MAKER): string =>
  `import { context, trace } from "@opentelemetry/api";\n${links}${chain}`;

const READER = `const logging = (options, next) => {
  console.log(options.path, trace.getActiveSpan()?.spanContext().traceId);
  return next(options);
};
`;
const MAKER = `const tracing = (options, next) =>
  trace.getTracer("links").startActiveSpan(options.path, async (span) => {
    try {
      return await next(options);
    } finally {
      span.end();
    }
  });
`;

describe("the order of a chain", () => {
  it.each([
    ["a list of interceptors", "export const options = { interceptors: [logging, tracing] };"],
    [
      "a list that is a constant",
      "const interceptors = [logging, tracing];\nexport const options = { interceptors };",
    ],
    [
      "the middleware of an app",
      'import Koa from "koa";\nexport const app = new Koa();\napp.use(logging);\napp.use(tracing);',
    ],
  ])("is told where the reader of a span is outside of its maker, in %s", (_, chain) => {
    expect(strictly(chained(chain)).map((told) => told.split(" ")[0])).toEqual(["order"]);
  });

  it("is told where the span is made by a context", () => {
    const maker = `const tracing = (options, next) =>
  context.with(trace.setSpan(context.active(), trace.getTracer("links").startSpan("call")), () => next(options));
`;
    const chain = "export const options = { interceptors: [logging, tracing] };";
    expect(strictly(chained(chain, READER + maker))).toEqual(["order 8"]);
  });

  it.each([
    ["the maker is first", "export const options = { interceptors: [tracing, logging] };", READER + MAKER],
    ["nothing makes a span", "export const options = { interceptors: [logging] };", READER],
    [
      "another link has made one before",
      "const outer = (options, next) => tracing(options, next);\nexport const options = { interceptors: [tracing, logging, tracing] };",
      READER + MAKER,
    ],
    [
      "the reader makes a span of its own",
      "export const options = { interceptors: [both, tracing] };",
      `${MAKER}const both = (options, next) =>
  trace.getTracer("links").startActiveSpan("outer", () => next({ ...options, span: trace.getActiveSpan() }));
`,
    ],
    [
      "the links are of two apps",
      'import Koa from "koa";\nexport const first = new Koa();\nexport const second = new Koa();\nfirst.use(logging);\nsecond.use(tracing);',
      READER + MAKER,
    ],
    [
      "the maker is mounted at a path of its own",
      'import express from "express";\nexport const app = express();\napp.use(logging);\napp.use("/admin", tracing);',
      READER + MAKER,
    ],
  ])("is no matter where %s", (_, chain, links) => {
    expect(strictly(chained(chain, links))).toEqual([]);
  });

  it("is turned round by the repair", async () => {
    const root = folderOf(chained("export const options = { interceptors: [logging, tracing] };\n"));
    const reopen = (): Workspace => open(root, true);
    const analyser = reopen();
    const analysis = analyser.analyse();
    const offers = analysis.findings.flatMap((finding) => {
      const repair = analyser.repair(finding);
      return repair ? [{ finding, repair }] : [];
    });
    const { applied } = await applyRepairs({ root, analyser, analysis, offers, refuse: new Map(), reopen });
    expect(applied).toHaveLength(1);
    expect(reopen().analyse().findings).toEqual([]);
  });
});

describe("a list that is spread and replaced", () => {
  const base = `import { NodeSDK } from "@opentelemetry/sdk-node";
import { BatchSpanProcessor, ConsoleSpanExporter } from "@opentelemetry/sdk-trace-node";
import { marking } from "./marking.ts";

const shared = { spanProcessors: [new BatchSpanProcessor(new ConsoleSpanExporter())] };
`;

  it("is told by strict alone where another place takes the options as they are", () => {
    const text = `${base}export const plain = () => new NodeSDK(shared);
export const marked = () => new NodeSDK({ ...shared, spanProcessors: [marking] });
`;
    expect(strictly(text)).toEqual(["lost-list 7"]);
  });

  it("is told by strict alone where other files may take them", () => {
    const text = `${base.replace("const shared", "export const shared")}export const marked = () => new NodeSDK({ ...shared, spanProcessors: [marking] });
`;
    expect(strictly(text)).toEqual(["lost-list 6"]);
  });
});
