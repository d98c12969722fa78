import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { stage } from "../src/prove/staging.js";
import { pool } from "./support/pool.js";

const home = path.resolve(import.meta.dirname, "..");
const cases = path.join(home, "fixtures/no-broken-interceptor");
const inTurn = pool(2);
const patience = 120_000;

/** Runs a driver over a program, and gives what it tells; `undefined` when it ends without a word. */
async function told(layers: readonly [string, ...string[]], driver: string, args: string): Promise<unknown> {
  const staged = stage(layers);
  onTestFinished(() => {
    staged.remove();
  });
  const file = path.join(home, "tests/prove-programs/middleware", `${driver}.mjs`);
  return inTurn(async () => {
    const child = fork(file, args.split(" "), {
      cwd: staged.directory,
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    let said: unknown;
    child.on("message", (message) => {
      said = message;
    });
    await once(child, "exit");
    return said;
  });
}

/** What a program tells before its repair. */
const before = (name: string, driver: string, args: string): Promise<unknown> =>
  told([path.join(cases, name, "before")], driver, args);

/** What it tells after that. */
const after = (name: string, driver: string, args: string): Promise<unknown> =>
  told([path.join(cases, name, "before"), path.join(cases, name, "after")], driver, args);

/** One line: the case, its driver, what it tells before the repair, and after it. */
type Proof = [name: string, driver: string, args: string, before: unknown, after: unknown];

function prove(title: string, proofs: readonly Proof[]): void {
  describe(title, () => {
    it.concurrent.each(proofs)(
      "%s (%s)",
      async (name, driver, args, lost, kept) => {
        const [then, now] = await Promise.all([before(name, driver, args), after(name, driver, args)]);
        expect(then).toEqual(lost);
        expect(now).toEqual(kept);
      },
      patience,
    );
  });
}

/** An answer of a web framework, and what was reported of an error. */
const web = (status: number | "waits", spans: string[], reported: string[] = []): unknown => ({
  status,
  reported,
  spans,
});

prove("a route runs, is measured and is heard of once its middleware calls `next`", [
  [
    "koa-error-reporter-awaits-the-function",
    "web",
    "koa src/koa.ts errorReporter fails",
    web(404, []),
    web(500, ["route"], ["out of order"]),
  ],
  [
    "hono-names-next-in-its-span",
    "web",
    "hono src/tracing.ts tracing",
    web(500, ["/"]),
    web(201, ["/ > route", "/"]),
  ],
  [
    "express-returns-next-uncalled",
    "web",
    "express src/trace-header.js default",
    web("waits", []),
    web(201, ["route"]),
  ],
]);

prove("a span ends after what it measures once that is awaited", [
  [
    "koa-span-ends-before-the-route",
    "web",
    "koa src/tracing.js tracing",
    web(404, ["/ 404", "route"]),
    web(201, ["route", "/ 201"]),
  ],
  [
    "koa-span-helper-is-not-returned",
    "web",
    "koa src/tracing.ts tracing",
    web(404, ["GET / > route", "GET /"]),
    web(201, ["GET / > route", "GET /"]),
  ],
  [
    "hono-returns-next-out-of-a-try",
    "web",
    "hono src/tracing.ts tracing made",
    web(201, ["GET / 200", "GET / > route"]),
    web(201, ["GET / > route", "GET / 201"]),
  ],
  [
    "trpc-times-a-promise-it-does-not-await",
    "trpc",
    "src/trpc.ts procedure procedure",
    { good: "served", bad: "out of order", spans: ["good", "served", "bad"] },
    { good: "served", bad: "out of order", spans: ["served", "good", "bad"] },
  ],
  [
    "connect-span-covers-no-call",
    "connect",
    "src/tracing.ts tracing",
    { answer: "hello", spans: ["Echo", "served"] },
    { answer: "hello", spans: ["served", "Echo"] },
  ],
]);

describe("Express", () => {
  it(
    "gives nothing to await: the span carries the status that every answer begins with",
    async () => {
      const found = await before("express-awaits-nothing", "web", "express src/tracing.ts tracing");
      expect(found).toEqual(web(201, ["GET / 200", "route"]));
    },
    patience,
  );
});

prove("the span of a failed request is exported once `finalize` ends it", [
  [
    "nest-span-ends-when-the-value-comes",
    "nest",
    "src/tracing.interceptor.ts TracingInterceptor",
    { good: 200, bad: 500, spans: ["good"] },
    { good: 200, bad: 500, spans: ["good", "bad"] },
  ],
  [
    "nest-active-span-ends-in-map",
    "nest",
    "src/wrap.interceptor.ts WrapInterceptor",
    { good: 200, bad: 500, spans: ["Routes"] },
    { good: 200, bad: 500, spans: ["Routes", "Routes"] },
  ],
]);

const refused = "connect ECONNREFUSED 127.0.0.1:1";

prove("a call is answered, and an event heard of, once the link hands it on", [
  [
    "grpc-status-stays-in-the-listener",
    "grpc",
    "src/tracing.ts tracing",
    { answer: "waits", spans: ["served", "/proof.Proof/Echo"] },
    { answer: "hello", spans: ["served", "/proof.Proof/Echo"] },
  ],
  [
    "grpc-call-is-made-and-not-returned",
    "grpc",
    "src/deadline.js deadline",
    { answer: "Cannot read properties of undefined (reading 'start')", spans: [] },
    { answer: "hello", spans: ["served"] },
  ],
  [
    "nice-grpc-middleware-returns-a-generator",
    "nice-grpc",
    "src/tracing.ts named",
    { answer: {}, spans: [] },
    { answer: { echoed: "hello" }, spans: [] },
  ],
  [
    "trpc-link-hears-no-failure",
    "trpc",
    "src/timing-link.ts timingLink link",
    { good: "served", bad: "waits", spans: [] },
    { good: "served", bad: "out of order", spans: [] },
  ],
  [
    "trpc-middleware-forgets-the-result",
    "trpc",
    "src/trpc.ts traced procedure",
    {
      good: "No result from middlewares - did you forget to `return next()`?",
      bad: "No result from middlewares - did you forget to `return next()`?",
      spans: ["served", "good", "bad"],
    },
    { good: "served", bad: "out of order", spans: ["served", "good", "bad"] },
  ],
  [
    "nest-stream-loses-its-end-in-a-context",
    "nest",
    "src/context.interceptor.ts ContextInterceptor",
    { good: "waits", bad: 500, spans: [] },
    { good: 200, bad: 500, spans: [] },
  ],
  [
    "undici-handler-empties-body-sent",
    "undici",
    "lib/timing-handler.js default",
    {
      heard: ["onConnect", "onHeaders", "onData"],
      fetched: "served",
      firstByte: true,
      gone: refused,
      spans: [],
    },
    {
      heard: ["onConnect", "onBodySent", "onHeaders", "onData"],
      fetched: "served",
      firstByte: true,
      gone: refused,
      spans: [],
    },
  ],
  [
    "undici-adapter-forgets-the-first-byte",
    "undici",
    "lib/adapter.js Adapter",
    {
      heard: ["onConnect", "onHeaders", "onData"],
      fetched: "served",
      firstByte: false,
      gone: refused,
      spans: [],
    },
    {
      heard: ["onConnect", "onHeaders", "onData"],
      fetched: "served",
      firstByte: true,
      gone: refused,
      spans: [],
    },
  ],
  [
    // without it the process ends in the middle, by the error that nobody takes
    "undici-handler-knows-no-failure",
    "undici",
    "lib/etag-handler.js EtagHandler",
    undefined,
    { heard: "waits", fetched: "served", firstByte: false, gone: refused, spans: [] },
  ],
]);
