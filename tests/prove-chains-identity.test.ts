import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { stage } from "../src/prove/staging.js";
import { pool } from "./support/pool.js";

const home = path.resolve(import.meta.dirname, "..");
const cases = path.join(home, "fixtures/no-channel-type-change");
const inTurn = pool(2);
const patience = 120_000;

/** Runs a driver over a program, and gives what it tells; `undefined` when it ends without a word. */
async function told(layers: readonly [string, ...string[]], driver: string): Promise<unknown> {
  const staged = stage(layers);
  onTestFinished(() => {
    staged.remove();
  });
  const file = path.join(home, "tests/prove-programs/identity", `${driver}.mjs`);
  return inTurn(async () => {
    const child = fork(file, [], {
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

/** A case, the driver that runs it, and what that tells before the repair and after it. */
const proofs: [title: string, name: string, driver: string, before: unknown, after: unknown][] = [
  [
    "a subclass of a traced class has its own methods",
    "construct-trap-builds-the-base",
    "subclass",
    { sent: expect.stringContaining("is not a function") as unknown, isQueue: false, requests: [] },
    { isQueue: true, requests: ["https://queue.example.com/?Action=SendMessage hello"] },
  ],
  [
    "the size of a counted map can be read",
    "get-trap-reads-accessors-through-the-proxy",
    "counted",
    { size: expect.stringContaining("incompatible receiver") as unknown },
    { size: 1, keys: ["set", "size"] },
  ],
  [
    "a watched client reads its private fields",
    "get-trap-in-front-of-private-fields",
    "private-fields",
    { sent: expect.stringContaining("private member #queue") as unknown, seen: ["send"] },
    { sent: 1, seen: ["send"] },
  ],
  [
    "a promise behind a Proxy can be awaited",
    "get-trap-in-front-of-a-promise",
    "promise",
    expect.stringContaining("incompatible receiver"),
    { id: 7 },
  ],
  [
    "spans behind a filter are exported when the provider is shut down",
    "span-processor-made-of-a-copy",
    "processor",
    { shutdown: expect.stringContaining("is not a function") as unknown, spans: 0 },
    { shutdown: "done", spans: 1 },
  ],
  [
    "a tool of a class calls its own methods",
    "tool-copied-and-bound-to-the-copy",
    "tool",
    "no execute",
    "Bern: 21 C",
  ],
  [
    "a patched module keeps its getters and its mark",
    "module-copied-by-its-instrumentation",
    "module",
    { pools: 0, esModule: null, spans: ["SELECT 1"] },
    { pools: 3, esModule: true, spans: ["SELECT 1"] },
  ],
  [
    "promisify(setTimeout) waits",
    "timers-wrapped-without-their-symbol",
    "timers",
    expect.stringContaining("TypeError"),
    "waited",
  ],
  [
    "promisify(lookup) gives the address and its family",
    "lookup-wrapped-by-an-instrumentation",
    "lookup",
    "127.0.0.1",
    { address: "127.0.0.1", family: 4 },
  ],
  [
    "promisify(exec) gives what was written",
    "exec-replaced-in-its-module",
    "exec",
    { stdout: null, seen: true },
    { stdout: "out\n", seen: true },
  ],
  [
    "Hono finds the handler of a route behind the traced one",
    "hono-middleware-traced-without-its-properties",
    "hono",
    { text: "users", route: ["traced"] },
    { text: "users", route: ["listUsers"] },
  ],
  [
    "a guard of Nest keeps a route shut",
    "nest-handler-traced-without-its-metadata",
    "nest",
    { list: 200, remove: 200 },
    { list: 200, remove: 403 },
  ],
  [
    "a wrapped function has what the original carried",
    "wrapping-library-that-copies-nothing",
    "library",
    { answer: "GET /", calls: ["/"], timeout: null, version: 3 },
    { answer: "GET /", calls: ["/"], timeout: 5000, version: 3 },
  ],
];

describe("what takes the place of something else is still the same", () => {
  it.concurrent.each(proofs)(
    "%s",
    async (_title, name, driver, then, now) => {
      const before = path.join(cases, name, "before");
      const [without, repaired] = await Promise.all([
        told([before], driver),
        told([before, path.join(cases, name, "after")], driver),
      ]);
      if (typeof then === "object" && then !== null && !("asymmetricMatch" in then))
        expect(without).toMatchObject(then);
      else expect(without).toEqual(then);
      expect(repaired).toEqual(now);
    },
    patience,
  );
});
