import { rmSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import type { UnboundedShutdown } from "../src/program/details.js";
import { type Made, made, newHome } from "./support/reported.js";
import { added, diagnosticsOf } from "./support/typecheck.js";

const SDK = `import { NodeSDK } from "@opentelemetry/sdk-node";

const sdk = new NodeSDK();
sdk.start();

`;
const SENTRY = `import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env.DSN });

`;
const SEGMENT = `import { Analytics } from "@segment/analytics-node";

const analytics = new Analytics({ writeKey: "key" });

`;

const home = newHome();
const checked: Made[] = [];

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Repairs a report in `main.ts`, of which what follows the set-up is given and looked at. */
function repaired(
  shape: UnboundedShutdown["shape"],
  head: string,
  text: string,
  at: string,
  flush = at,
  more: Record<string, string> = {},
): { level: Made["level"]; text: string } {
  const result = made({
    home,
    files: { "main.ts": head + text, ...more },
    kind: "unbounded-shutdown",
    shape,
    at,
    flush,
  });
  checked.push(result);
  const whole = result.files["main.ts"] ?? "";
  return { level: result.level, text: whole.startsWith(head) ? whole.slice(head.length) : whole };
}

/** A signal listener that waits for something. */
const awaited = (wait: string): string =>
  `process.on("SIGTERM", async () => {\n  await ${wait};\n  process.exit(0);\n});\n`;

/** A signal listener that runs one statement. */
const listener = (statement: string): string => `process.on("SIGTERM", () => {\n  ${statement}\n});\n`;

describe("a wait without a limit", () => {
  it.each([
    [SENTRY, "Sentry.flush()", "Sentry.flush(2000)"],
    [SENTRY, "Sentry.close(undefined)", "Sentry.close(2000)"],
    [SENTRY, "Sentry.flush(0)", "Sentry.flush(2000)"],
    [SEGMENT, "analytics.flush()", "analytics.flush({ timeout: 2000 })"],
    [SEGMENT, "analytics.flush({ close: true })", "analytics.flush({ close: true, timeout: 2000 })"],
    [SEGMENT, "analytics.flush({})", "analytics.flush({ timeout: 2000 })"],
  ])("%s%s is given one as %s", (head, before, after) => {
    expect(repaired("no-limit", head, awaited(before), before)).toEqual({
      level: "safe",
      text: awaited(after),
    });
  });

  it.each([
    ["const SHUTDOWN_TIMEOUT = 5_000;\n\n", "Sentry.close(SHUTDOWN_TIMEOUT)"],
    ["const FLUSH_TIMEOUT_SECONDS = 5;\n\n", "Sentry.close(FLUSH_TIMEOUT_SECONDS * 1000)"],
    ["const GRACE_PERIOD_MS = 3 * 1000;\n\n", "Sentry.close(GRACE_PERIOD_MS)"],
    ["const REQUEST_TIMEOUT = 5_000;\n\n", "Sentry.close(2000)"],
    ["const SHUTDOWN_TIMEOUT = 600_000;\n\n", "Sentry.close(2000)"],
  ])("with %s in the file", (constant, after) => {
    expect(repaired("no-limit", SENTRY, constant + awaited("Sentry.close()"), "Sentry.close()")).toEqual({
      level: "safe",
      text: constant + awaited(after),
    });
  });

  it("that takes none is raced against a timer", () => {
    expect(repaired("no-limit", SDK, awaited("sdk.shutdown()"), "sdk.shutdown()")).toEqual({
      level: "review",
      text: awaited(
        "Promise.race([\n    sdk.shutdown().catch(console.error),\n    new Promise<void>((resolve) => setTimeout(resolve, 5000).unref()),\n  ])",
      ),
    });
  });

  it("is raced by the helper that the file has for it", () => {
    const helper =
      "async function within(ms: number, work: Promise<unknown>): Promise<void> {\n  let timer: NodeJS.Timeout | undefined;\n  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]);\n  clearTimeout(timer);\n}\n\n";
    expect(repaired("no-limit", SDK, helper + awaited("sdk.shutdown()"), "sdk.shutdown()")).toEqual({
      level: "review",
      text: helper + awaited("within(5000, sdk.shutdown().catch(console.error))"),
    });
  });

  it("is raced by a helper that it imports, whose failure is caught as well", () => {
    const head = `import { withTimeout } from "./time.js";\n${SDK}`;
    const helper =
      "export function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {\n  return Promise.race([work, new Promise<never>((_, reject) => setTimeout(reject, ms).unref())]);\n}\n";
    const text = awaited("sdk.shutdown()");
    expect(repaired("no-limit", head, text, "sdk.shutdown()", undefined, { "time.ts": helper }).text).toBe(
      awaited("withTimeout(sdk.shutdown(), 5000).catch(console.error)"),
    );
  });

  describe("whose end is told to a callback", () => {
    const head =
      'import Rollbar from "rollbar";\n\nconst rollbar = new Rollbar({ accessToken: "token" });\n\n';

    it("ends the process in any case", () => {
      const text = listener("rollbar.wait(() => {\n    console.log('sent');\n    process.exit(1);\n  });");
      expect(repaired("no-limit", head, text, "rollbar.wait(")).toEqual({
        level: "review",
        text: text.replace(
          "rollbar.wait(",
          "setTimeout(() => process.exit(1), 5000).unref();\n  rollbar.wait(",
        ),
      });
    });

    it("is left alone where the exit needs what only the callback knows", () => {
      const text = listener("rollbar.wait((...codes: number[]) => process.exit(codes[0]));");
      expect(repaired("no-limit", head, text, "rollbar.wait(").level).toBeNull();
    });

    it("is raced as the promise that the callback settles", () => {
      const text = awaited("new Promise<void>((resolve) => rollbar.wait(() => resolve()))");
      expect(repaired("no-limit", head, text, "rollbar.wait(").text).toBe(
        awaited(
          "Promise.race([\n    new Promise<void>((resolve) => rollbar.wait(() => resolve())),\n    new Promise<void>((resolve) => setTimeout(resolve, 5000).unref()),\n  ])",
        ),
      );
    });
  });

  it("that nobody waits for is left alone", () => {
    const text = listener("sdk.shutdown();");
    expect(repaired("no-limit", SDK, text, "sdk.shutdown()").level).toBeNull();
  });

  it("is raced against the promised timer that the file has", () => {
    const head = `import { setTimeout as delay } from "node:timers/promises";\n${SDK}`;
    const text = "export function stop(): Promise<void> {\n  return sdk.shutdown();\n}\n";
    expect(repaired("no-limit", head, text, "sdk.shutdown()").text).toBe(
      "export function stop(): Promise<void> {\n  return Promise.race([\n    sdk.shutdown().catch(console.error),\n    delay(5000, undefined, { ref: false }),\n  ]);\n}\n",
    );
  });
});

describe("a limit in the wrong unit", () => {
  it.each([
    [SENTRY, "Sentry.flush(2)", "Sentry.flush(2000)"],
    [SENTRY, "Sentry.flush(0.5)", "Sentry.flush(500)"],
    [SEGMENT, "analytics.closeAndFlush({ timeout: 3 })", "analytics.closeAndFlush({ timeout: 3000 })"],
  ])("%s%s becomes %s", (head, before, after) => {
    expect(repaired("wrong-unit", head, awaited(before), before)).toEqual({
      level: "safe",
      text: awaited(after),
    });
  });

  it("is put right in the constant that nothing else uses", () => {
    const text = `const TIMEOUT = 5;\n\n${awaited("Sentry.flush(TIMEOUT)")}`;
    expect(repaired("wrong-unit", SENTRY, text, "Sentry.flush(")).toEqual({
      level: "safe",
      text: text.replace("= 5;", "= 5000;"),
    });
  });

  it.each([
    `const TIMEOUT_SECONDS = 5;\n\n${awaited("Sentry.flush(TIMEOUT_SECONDS)")}`,
    `export const limit = 5;\n\n${awaited("Sentry.flush(limit)")}`,
    `const limit = 5;\nconsole.log(\`waits \${limit} s\`);\n\n${awaited("Sentry.flush(limit)")}`,
  ])("is put right at the call: %s", (text) => {
    expect(repaired("wrong-unit", SENTRY, text, "Sentry.flush(")).toEqual({
      level: "safe",
      text: text.replace(/flush\((\w+)\)/, "flush($1 * 1000)"),
    });
  });
});

describe("an exit in a then", () => {
  const chain = (text: string, at = "sdk"): ReturnType<typeof repaired> =>
    repaired(
      "then-exit",
      SDK,
      listener(text),
      at,
      text.includes("\n    .shutdown") ? "sdk\n    .shutdown()" : "sdk.shutdown()",
    );

  it("moves to finally, behind a catch", () => {
    expect(chain("sdk.shutdown().then(() => process.exit(0));", "sdk.shutdown().then")).toEqual({
      level: "review",
      text: listener("sdk.shutdown().catch(console.error).finally(() => process.exit(0));"),
    });
  });

  it("leaves the rest of its callback where it is, each on a line of its own", () => {
    const text =
      'sdk\n    .shutdown()\n    .then(() => {\n      console.log("stopped");\n      process.exit(0);\n    });';
    expect(chain(text, "sdk\n    .shutdown()\n    .then").text).toBe(
      listener(
        'sdk\n    .shutdown()\n    .then(() => console.log("stopped"))\n    .catch(console.error)\n    .finally(() => process.exit(0));',
      ),
    );
  });

  it("goes behind the catch that is there", () => {
    const text = "sdk\n    .shutdown()\n    .then(() => process.exit(0))\n    .catch((e) => console.log(e));";
    expect(chain(text, "sdk\n    .shutdown()\n    .then(").text).toBe(
      listener(
        "sdk\n    .shutdown()\n    .catch((e) => console.log(e))\n    .finally(() => process.exit(0));",
      ),
    );
  });

  it("stays in then where it takes what came before", () => {
    const text = "sdk.shutdown().then((v) => process.exit(v ?? 0));";
    expect(chain(text, "sdk.shutdown().then").text).toBe(
      listener("sdk.shutdown().catch(console.error).then((v) => process.exit(v ?? 0));"),
    );
  });

  it("gets a line for each call where one would be too long", () => {
    const text =
      "sdk.shutdown().then(() => console.log(`stopped ${process.title}`)).then(() => process.exit(0));";
    expect(chain(text, "sdk.shutdown().then(() => console.log(`stopped ${process.title}`)).then").text).toBe(
      listener(
        "sdk\n    .shutdown()\n    .then(() => console.log(`stopped ${process.title}`))\n    .catch(console.error)\n    .finally(() => process.exit(0));",
      ),
    );
  });

  it("reports to the file's own logger", () => {
    const head = `${SDK}const logger = { error: (e: unknown) => void e };\n\nprocess.on("uncaughtException", (err) => {\n  logger.error(err);\n});\n\n`;
    expect(
      repaired(
        "then-exit",
        head,
        listener("sdk.shutdown().then(() => process.exit(0));"),
        "sdk.shutdown().then",
        "sdk.shutdown()",
      ).text,
    ).toBe(
      listener(
        "sdk\n    .shutdown()\n    .catch((err) => logger.error(err))\n    .finally(() => process.exit(0));",
      ),
    );
  });
});

describe("a rejection that nobody catches", () => {
  it("is caught where the call is awaited", () => {
    expect(repaired("uncaught", SDK, awaited("sdk.shutdown()"), "sdk.shutdown()")).toEqual({
      level: "review",
      text: awaited("sdk.shutdown().catch(console.error)"),
    });
  });

  it("is caught for itself among others", () => {
    const text = awaited("Promise.all([sdk.shutdown(), stop()])");
    expect(repaired("uncaught", SDK, text, "sdk.shutdown()").text).toBe(
      awaited("Promise.all([sdk.shutdown().catch(console.error), stop()])"),
    );
  });
});

describe("the timer of a race", () => {
  const race = (timer: string): string => `await Promise.race([Sentry.flush(), ${timer}]);\n`;

  it.each([
    ["", "new Promise((r) => setTimeout(r, 5000))", "new Promise((r) => setTimeout(r, 5000).unref())"],
    [
      'import { setTimeout as delay } from "node:timers/promises";\n',
      "delay(3000)",
      "delay(3000, undefined, { ref: false })",
    ],
    [
      "const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));\n",
      "sleep(3000)",
      "new Promise<void>((resolve) => setTimeout(resolve, 3000).unref())",
    ],
  ])("%s%s lets the process end", (head, before, after) => {
    expect(repaired("race-timer", head + SENTRY, race(before), "Sentry.flush()")).toEqual({
      level: "review",
      text: race(after),
    });
  });

  it("in a function that races what it is given lets the process end", () => {
    const helper =
      "function within(ms: number, work: Promise<unknown>): Promise<unknown> {\n  return Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms))]);\n}\n\n";
    const text = `${helper}await within(2000, Sentry.flush());\n`;
    expect(repaired("race-timer", SENTRY, text, "Sentry.flush()").text).toBe(
      text.replace("(resolve, ms)", "(resolve, ms).unref()"),
    );
  });

  it("stays where it ends the race by a failure of its own", () => {
    const head =
      "const fail = (ms: number) => new Promise((_, reject) => setTimeout(reject, ms));\n" + SENTRY;
    expect(repaired("race-timer", head, race("fail(3000)"), "Sentry.flush()").level).toBeNull();
  });
});

describe("TypeScript holds nothing new against the results", () => {
  it("of all the repairs above", () => {
    const lines = diagnosticsOf(checked.flatMap((m) => [m.before, m.after]));
    for (const { before, after, title } of checked)
      expect(added(lines.get(before) ?? [], lines.get(after) ?? []), title).toEqual([]);
    expect(checked.length).toBeGreaterThan(25);
  });
});
