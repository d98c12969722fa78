import { afterAll, describe, expect, it } from "vitest";
import { GRACE, POSTHOG, SDK, SENTRY, cleanUp, holdTypes, repaired } from "./support/floating.js";

afterAll(cleanUp);

describe("a dropped flush", () => {
  const shutdown = { at: "sdk.shutdown()", ending: "closeWithGrace" };

  it("is awaited in an async callback", () => {
    const text = "closeWithGrace(async () => {\n  await stop();\n  sdk.shutdown();\n});\n";
    expect(repaired("dropped", GRACE + SDK, text, shutdown)).toMatchObject({
      level: "safe",
      text: "closeWithGrace(async () => {\n  await stop();\n  await sdk.shutdown().catch(console.error);\n});\n",
    });
  });

  it("is awaited in place of its void, in a callback that becomes async", () => {
    const text = "closeWithGrace(() => {\n  void sdk.shutdown();\n});\n";
    expect(repaired("dropped", GRACE + SDK, text, shutdown)).toMatchObject({
      level: "review",
      text: "closeWithGrace(async () => {\n  await sdk.shutdown().catch(console.error);\n});\n",
    });
  });

  it("is handed back where a void hid it", () => {
    const text = "closeWithGrace(() => void sdk.shutdown());\n";
    expect(repaired("dropped", GRACE + SDK, text, shutdown)).toMatchObject({
      level: "review",
      text: "closeWithGrace(() => sdk.shutdown().catch(console.error));\n",
    });
  });

  it("is awaited with what is chained to it", () => {
    const text = "closeWithGrace(async () => {\n  sdk\n    .shutdown()\n    .catch((e) => log(e));\n});\n";
    const at = "sdk\n    .shutdown()\n    .catch";
    expect(
      repaired("dropped", GRACE + SDK, text, { ...shutdown, at, flush: "sdk\n    .shutdown()" }),
    ).toMatchObject({
      level: "safe",
      text: "closeWithGrace(async () => {\n  await sdk\n    .shutdown()\n    .catch((e) => log(e));\n});\n",
    });
  });

  it("is awaited as one of several", () => {
    const text = "closeWithGrace(async () => {\n  Promise.all([sdk.shutdown(), stop()]);\n});\n";
    const place = { ...shutdown, at: "Promise.all", flush: "sdk.shutdown()" };
    expect(repaired("dropped", GRACE + SDK, text, place)).toMatchObject({
      level: "safe",
      text: "closeWithGrace(async () => {\n  await Promise.all([sdk.shutdown().catch(console.error), stop()]);\n});\n",
    });
  });

  it("is awaited on the right side of a condition", () => {
    const text = "closeWithGrace(async () => {\n  ready && sdk.shutdown();\n});\n";
    expect(repaired("dropped", GRACE + SDK, text, shutdown).text).toBe(
      "closeWithGrace(async () => {\n  ready && (await sdk.shutdown().catch(console.error));\n});\n",
    );
  });

  it("is awaited at the end of a chain of promises that goes on", () => {
    const text = "main().then(() => {\n  sdk.shutdown();\n}).then(() => process.exit(0));\n";
    expect(repaired("dropped", SDK, text, { at: "sdk.shutdown()" })).toMatchObject({
      level: "safe",
      text: "main().then(async () => {\n  await sdk.shutdown().catch(console.error);\n}).then(() => process.exit(0));\n",
    });
  });

  it("lets the chain around it be awaited too", () => {
    const text = "closeWithGrace(async () => {\n  stop().then(() => {\n    sdk.shutdown();\n  });\n});\n";
    expect(repaired("dropped", GRACE + SDK, text, shutdown).text).toBe(
      "closeWithGrace(async () => {\n  await stop().then(async () => {\n    await sdk.shutdown().catch(console.error);\n  });\n});\n",
    );
  });

  it("stays where the ending does not wait for the callback around it", () => {
    const text = "closeWithGrace(async () => {\n  pool.end(() => {\n    sdk.shutdown();\n  });\n});\n";
    expect(repaired("dropped", GRACE + SDK, text, shutdown).level).toBeNull();
  });

  it("gets a time limit where it has none", () => {
    const text = "closeWithGrace(async () => {\n  Sentry.close();\n});\n";
    expect(
      repaired("dropped", GRACE + SENTRY, text, { at: "Sentry.close()", ending: "closeWithGrace" }).text,
    ).toBe("closeWithGrace(async () => {\n  await Sentry.close(3000);\n});\n");
  });

  it("goes below what still produces", () => {
    const head = `${GRACE}import { createServer } from "node:http";\n${SDK}const server = createServer().listen(1);\n`;
    const text =
      "closeWithGrace(async () => {\n  sdk.shutdown();\n  await new Promise((resolve) => server.close(resolve));\n});\n";
    expect(repaired("dropped", head, text, shutdown)).toMatchObject({
      level: "review",
      text: "closeWithGrace(async () => {\n  await new Promise((resolve) => server.close(resolve));\n  await sdk.shutdown().catch(console.error);\n});\n",
    });
  });

  it("calls back once it has ended", () => {
    const head = `import exitHook from "async-exit-hook";\n${SDK}`;
    const text = "exitHook((done: () => void) => {\n  sdk.shutdown();\n  done();\n});\n";
    expect(repaired("dropped", head, text, { at: "sdk.shutdown()", ending: "exitHook" })).toMatchObject({
      level: "review",
      text: "exitHook((done: () => void) => {\n  sdk.shutdown().catch(console.error).finally(() => done());\n});\n",
    });
  });

  it("is awaited in a hook, whose failures go to the logger of its class", () => {
    const head = `import { Injectable, Logger } from "@nestjs/common";\n${SDK}`;
    const text =
      "@Injectable()\nexport class Closer {\n  private readonly logger = new Logger(Closer.name);\n\n  onModuleDestroy(): void {\n    sdk.shutdown();\n  }\n}\n";
    expect(
      repaired("dropped", head, text, { at: "sdk.shutdown()", ending: "onModuleDestroy" }),
    ).toMatchObject({
      level: "review",
      text: "@Injectable()\nexport class Closer {\n  private readonly logger = new Logger(Closer.name);\n\n  async onModuleDestroy(): Promise<void> {\n    await sdk.shutdown().catch((error) => this.logger.error(error));\n  }\n}\n",
    });
  });
});

describe("every layer above a dropped flush waits", () => {
  const stop = "export function stop(): void {\n  client.shutdown();\n}\n";
  const place = { at: "client.shutdown()" };

  it("in other files, up to a listener", () => {
    const app =
      'import { stop } from "./main.js";\n\nfunction end(): void {\n  stop();\n}\n\nprocess.on("SIGTERM", () => {\n  end();\n  process.exit(0);\n});\n';
    const { level, text, files } = repaired("dropped", POSTHOG, stop, { ...place, more: { "app.ts": app } });
    expect(level).toBe("review");
    expect(text).toBe("export async function stop(): Promise<void> {\n  await client.shutdown();\n}\n");
    expect(files["app.ts"]).toBe(
      'import { stop } from "./main.js";\n\nasync function end(): Promise<void> {\n  await stop();\n}\n\nprocess.on("SIGTERM", async () => {\n  await end();\n  process.exit(0);\n});\n',
    );
  });

  it("and a caller that waits already stays as it is", () => {
    const app = 'import { stop } from "./main.js";\n\nawait stop();\nprocess.exit(0);\n';
    const { files } = repaired("dropped", POSTHOG, stop, { ...place, more: { "app.ts": app } });
    expect(files["app.ts"]).toBe(app);
  });

  it("or nothing is offered where a caller cannot wait", () => {
    const app =
      'import { stop } from "./main.js";\n\nexport class App {\n  constructor() {\n    stop();\n    process.exit(0);\n  }\n}\n';
    expect(repaired("dropped", POSTHOG, stop, { ...place, more: { "app.ts": app } }).level).toBeNull();
  });

  it("or nothing is offered where a caller needs what the function gives", () => {
    const text = "export function stop(): boolean {\n  client.shutdown();\n  return true;\n}\n";
    expect(repaired("dropped", POSTHOG, text, place).level).toBeNull();
  });

  const telemetry =
    "export interface Telemetry {\n  flush(): void;\n}\n\nexport class PosthogTelemetry implements Telemetry {\n  flush(): void {\n    client.shutdown();\n  }\n}\n";
  const user =
    'import type { Telemetry } from "./main.js";\n\nexport async function end(telemetry: Telemetry): Promise<void> {\n  telemetry.flush();\n}\n';

  it("through the interface that a class implements", () => {
    const { text, files } = repaired("dropped", POSTHOG, telemetry, { ...place, more: { "app.ts": user } });
    expect(text).toBe(
      "export interface Telemetry {\n  flush(): Promise<void>;\n}\n\nexport class PosthogTelemetry implements Telemetry {\n  async flush(): Promise<void> {\n    await client.shutdown();\n  }\n}\n",
    );
    expect(files["app.ts"]).toContain("  await telemetry.flush();\n");
  });

  it("and other implementations of the interface still fit", () => {
    const other =
      'import type { Telemetry } from "./main.js";\n\nexport class NoTelemetry implements Telemetry {\n  flush(): void {}\n}\n';
    const { text } = repaired("dropped", POSTHOG, telemetry, { ...place, more: { "none.ts": other } });
    expect(text).toContain("  flush(): void | Promise<void>;\n");
  });

  it("through a variable that says what it holds", () => {
    const text = "export const stop: () => void = () => {\n  client.shutdown();\n};\n";
    expect(repaired("dropped", POSTHOG, text, place).text).toBe(
      "export const stop: () => Promise<void> = async () => {\n  await client.shutdown();\n};\n",
    );
  });
});

describe("a flush for each of a list", () => {
  const flushAll = (loop: string): string =>
    `export async function flushAll(): Promise<void> {\n  ${loop}\n}\n`;

  it.each([
    [
      "clients.forEach((c: PostHog) => c.flush());",
      "await Promise.allSettled(clients.map((c: PostHog) => c.flush()));",
    ],
    [
      "clients.forEach((c: PostHog) => void c.shutdown());",
      "await Promise.all(clients.map((c: PostHog) => c.shutdown()));",
    ],
    [
      "clients.forEach(async (c: PostHog) => {\n    await c.shutdown();\n  });",
      "await Promise.all(clients.map(async (c: PostHog) => {\n    await c.shutdown();\n  }));",
    ],
    [
      "clients.forEach((c: PostHog) => {\n    c.shutdown();\n  });",
      "await Promise.all(clients.map((c: PostHog) => c.shutdown()));",
    ],
    [
      "clients.forEach((c: PostHog) => {\n    console.log('closing');\n    c.shutdown();\n  });",
      "await Promise.all(clients.map(async (c: PostHog) => {\n    console.log('closing');\n    await c.shutdown();\n  }));",
    ],
    [
      "await clients.map((c: PostHog) => c.shutdown());",
      "await Promise.all(clients.map((c: PostHog) => c.shutdown()));",
    ],
  ])("%s", (before, after) => {
    const flush = before.includes("flush") ? "c.flush()" : "c.shutdown()";
    const at = before.includes("forEach") ? "clients.forEach" : "clients.map";
    expect(
      repaired("each", `${POSTHOG}const clients = [client];\n\n`, flushAll(before), { at, flush }),
    ).toMatchObject({ level: "review", text: flushAll(after) });
  });

  it.each([
    ["new Map<string, PostHog>()", "[...clients.values()]"],
    ["new Set<PostHog>()", "[...clients]"],
  ])("in a %s", (made, receiver) => {
    const head = `${POSTHOG}const clients = ${made};\n\n`;
    const loop = flushAll("clients.forEach((c: PostHog) => c.shutdown());");
    expect(repaired("each", head, loop, { at: "clients.forEach", flush: "c.shutdown()" }).text).toBe(
      flushAll(`await Promise.all(${receiver}.map((c: PostHog) => c.shutdown()));`),
    );
  });
});

describe("an awaited call that gives no promise", () => {
  it("takes its awaitable twin", () => {
    const head = 'import { Langfuse } from "langfuse";\n\nconst langfuse = new Langfuse();\n';
    expect(
      repaired("nothing-to-await", head, "await langfuse.shutdown();\n", {
        at: "langfuse.shutdown()",
        file: "main.js",
      }),
    ).toMatchObject({ level: "review", text: "await langfuse.shutdownAsync();\n" });
  });

  it("is wrapped in a promise that its callback settles, with what it is given", () => {
    const head = 'import newrelic from "newrelic";\n\n';
    const text = "await newrelic.shutdown({ timeout: 5000 });\n";
    expect(repaired("nothing-to-await", head, text, { at: "newrelic.shutdown", file: "main.js" }).text).toBe(
      "await new Promise((resolve) => newrelic.shutdown({ collectPendingData: true, timeout: 5000 }, resolve));\n",
    );
  });

  it("settles a promise without a value in TypeScript, whatever the callback is given", () => {
    const head = 'import Rollbar from "rollbar";\n\nconst rollbar = new Rollbar({ accessToken: "token" });\n';
    expect(repaired("nothing-to-await", head, "await rollbar.wait();\n", { at: "rollbar.wait()" }).text).toBe(
      "await new Promise<void>((resolve) => rollbar.wait(() => resolve()));\n",
    );
  });

  it("keeps the callback that is there", () => {
    const head = 'import * as insights from "applicationinsights";\n\ninsights.setup().start();\n\n';
    const text =
      'await insights.defaultClient.flush({\n  callback: () => {\n    console.log("sent");\n  },\n});\n';
    const json =
      '{ "name": "app", "type": "module", "main": "main.js", "dependencies": { "applicationinsights": "^2.9.0" } }';
    expect(
      repaired("nothing-to-await", head, text, {
        at: "insights.defaultClient.flush",
        more: { "package.json": json },
      }).text,
    ).toBe(
      'await new Promise<void>((resolve) => insights.defaultClient.flush({\n  callback: () => {\n    console.log("sent");\n    resolve();\n  },\n}));\n',
    );
  });
});

describe("TypeScript holds nothing new", () => {
  it("against all the results above", () => {
    holdTypes(25);
  });
});
