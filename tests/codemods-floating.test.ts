import { rmSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import type { FloatingFlush } from "../src/program/details.js";
import { everywhere } from "./support/everywhere.js";
import { type Made, made, newHome } from "./support/reported.js";
import { added, diagnosticsOf } from "./support/typecheck.js";

const SDK = `import { NodeSDK } from "@opentelemetry/sdk-node";

const sdk = new NodeSDK();
sdk.start();

`;
const POSTHOG = `import { PostHog } from "posthog-node";

const client = new PostHog("key");
client.capture({ distinctId: "1", event: "start" });

`;
const SENTRY = `import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env.DSN });

`;
const GRACE = `import closeWithGrace from "close-with-grace";
`;
const TRACES = `import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const exporter = new OTLPTraceExporter();
`;

const home = newHome();
const checked: Made[] = [];

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

interface Place {
  /** The reported call, from its start. */
  at: string;
  /** The SDK's call where that is another. */
  flush?: string;
  ending?: string;
  file?: string;
  /** Other files of the program. */
  more?: Record<string, string>;
}

interface Outcome {
  level: Made["level"];
  text: string;
  files: Made["files"];
}

/** Repairs a report in `main.ts` (or another file), of which what follows the set-up is given and looked at. */
function repaired(
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

describe("an exit listener", () => {
  const place = { at: "process.on", flush: "sdk.shutdown()", ending: "process.on" };

  it("listens to beforeExit once, and catches", () => {
    expect(
      repaired("exit-listener", SDK, 'process.on("exit", () => {\n  sdk.shutdown();\n});\n', place),
    ).toMatchObject({
      level: "review",
      text: 'process.once("beforeExit", () => {\n  sdk.shutdown().catch(console.error);\n});\n',
    });
  });

  it("keeps what it does at once", () => {
    const head = `import { rmSync } from "node:fs";
import path from "node:path";\n${SDK}`;
    const text = 'process.on("exit", () => {\n  rmSync("app.pid");\n  sdk.shutdown();\n});\n';
    expect(repaired("exit-listener", head, text, place).text).toBe(
      'process.on("exit", () => {\n  rmSync("app.pid");\n});\nprocess.once("beforeExit", () => {\n  sdk.shutdown().catch(console.error);\n});\n',
    );
  });

  it("takes what it records along", () => {
    const text =
      'process.on("exit", async (code) => {\n  client.capture({ distinctId: "1", event: `ended ${code}` });\n  await client.shutdown();\n});\n';
    expect(repaired("exit-listener", POSTHOG, text, { ...place, flush: "client.shutdown()" }).text).toBe(
      text.replace('on("exit"', 'once("beforeExit"'),
    );
  });

  it("stays where what it needs is known to it alone", () => {
    const head = `import { rmSync } from "node:fs";
import path from "node:path";\n${SDK}`;
    const text =
      'process.on("exit", (code) => {\n  rmSync("app.pid");\n  sdk.shutdown().then(() => console.log(code));\n});\n';
    expect(repaired("exit-listener", head, text, place).level).toBeNull();
  });

  it("given by its name is called and caught", () => {
    const text =
      'async function end(): Promise<void> {\n  await sdk.shutdown();\n}\n\nprocess.on("exit", end);\n';
    expect(repaired("exit-listener", SDK, text, place).text).toBe(
      'async function end(): Promise<void> {\n  await sdk.shutdown();\n}\n\nprocess.once("beforeExit", () => {\n  end().catch(console.error);\n});\n',
    );
  });

  it("given by its name moves whole where it only talks beside", () => {
    const text =
      'process.on("exit", end);\n\nfunction end() {\n  console.log("stopping");\n  sdk.shutdown();\n}\n';
    expect(repaired("exit-listener", SDK, text, place).text).toBe(
      'process.once("beforeExit", end);\n\nfunction end() {\n  console.log("stopping");\n  sdk.shutdown().catch(console.error);\n}\n',
    );
  });

  it("that ends the process itself goes, where a signal has the same", () => {
    const text =
      'const end = () => {\n  sdk.shutdown().finally(() => process.exit(0));\n};\n\nprocess.on("SIGTERM", end);\nprocess.on("exit", end);\n';
    const at = 'process.on("exit"';
    expect(repaired("exit-listener", SDK, text, { ...place, at, ending: at }).text).toBe(
      text.replace('process.on("exit", end);\n', ""),
    );
  });

  it("goes where beforeExit has the same", () => {
    const text =
      'const end = () => sdk.shutdown();\n\nprocess.on("beforeExit", end);\nprocess.on("exit", end);\n';
    const at = 'process.on("exit"';
    expect(repaired("exit-listener", SDK, text, { ...place, at, ending: at }).text).toBe(
      'const end = () => sdk.shutdown();\n\nprocess.on("beforeExit", end);\n',
    );
  });

  it("of several events leaves exit out", () => {
    const text =
      'for (const event of ["SIGTERM", "exit"]) {\n  process.on(event, async () => {\n    await Sentry.close(2000);\n  });\n}\n';
    expect(repaired("exit-listener", SENTRY, text, { ...place, flush: "Sentry.close(2000)" }).text).toContain(
      'for (const event of ["SIGTERM", "beforeExit"]) {\n  process.once(event, ',
    );
  });

  it("of exit and beforeExit becomes one for beforeExit", () => {
    const text =
      'const end = () => Sentry.close(2000);\n\nfor (const event of ["beforeExit", "exit"]) {\n  process.on(event, end);\n}\n';
    expect(repaired("exit-listener", SENTRY, text, { ...place, flush: "Sentry.close(2000)" }).text).toBe(
      'const end = () => Sentry.close(2000);\n\nprocess.once("beforeExit", end);\n',
    );
  });
});

describe("a flush in an async executor", () => {
  const place = { at: "sdk.shutdown()" };

  it("is awaited behind the promise", () => {
    const text =
      "export async function stop() {\n  await new Promise<void>(async (resolve) => {\n    server.close(() => resolve());\n    await sdk.shutdown();\n  });\n}\n";
    expect(repaired("executor", SDK, text, place)).toMatchObject({
      level: "review",
      text: "export async function stop() {\n  await new Promise<void>((resolve) => {\n    server.close(() => resolve());\n  });\n  await sdk.shutdown();\n}\n",
    });
  });

  it("is awaited in front of a promise that was returned", () => {
    const text =
      "export function stop(): Promise<void> {\n  return new Promise(async (resolve) => {\n    await sdk.shutdown();\n    server.close(() => resolve());\n  });\n}\n";
    expect(repaired("executor", SDK, text, place).text).toBe(
      "export async function stop(): Promise<void> {\n  await sdk.shutdown();\n  await new Promise<void>((resolve) => {\n    server.close(() => resolve());\n  });\n}\n",
    );
  });

  it("takes the place of a promise that only waits for it", () => {
    const text =
      "export async function stop() {\n  await new Promise<void>(async (resolve) => {\n    await sdk.shutdown();\n    resolve();\n  });\n}\n";
    expect(repaired("executor", SDK, text, place).text).toBe(
      "export async function stop() {\n  await sdk.shutdown();\n}\n",
    );
  });

  it("moves with the condition that it stands under", () => {
    const text =
      "export function stop() {\n  return new Promise<void>(async (resolve) => {\n    server.close(() => resolve());\n    if (server.traced) {\n      await sdk.shutdown();\n    }\n  });\n}\n";
    expect(repaired("executor", SDK, text, place).text).toBe(
      "export async function stop() {\n  await new Promise<void>((resolve) => {\n    server.close(() => resolve());\n  });\n  if (server.traced) {\n    await sdk.shutdown();\n  }\n}\n",
    );
  });

  it("stays between other waits", () => {
    const text =
      "export async function stop() {\n  await new Promise<void>(async (resolve) => {\n    await drain();\n    await sdk.shutdown();\n    resolve();\n  });\n}\n";
    expect(repaired("executor", SDK, text, place).level).toBeNull();
  });
});

describe("a flush inside the span that it should send", () => {
  it("goes below the end of the span", () => {
    const head = `${TRACES}const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });\nprovider.register();\n`;
    const text =
      'await provider.getTracer("job").startActiveSpan("job", async (span) => {\n  await provider.forceFlush();\n  span.end();\n});\n';
    expect(repaired("inside-span", head, text, { at: "provider.forceFlush()" })).toMatchObject({
      level: "review",
      text: 'await provider.getTracer("job").startActiveSpan("job", async (span) => {\n  span.end();\n  await provider.forceFlush();\n});\n',
    });
  });

  it("goes below a callback that ends with the span", () => {
    const text =
      "await Sentry.startSpan({ name: 'job' }, async () => {\n  await work();\n  await Sentry.flush(2000);\n});\n";
    expect(repaired("inside-span", SENTRY, text, { at: "Sentry.flush(2000)", file: "main.js" }).text).toBe(
      "await Sentry.startSpan({ name: 'job' }, async () => {\n  await work();\n});\nawait Sentry.flush(2000);\n",
    );
  });

  it("goes into a finally where the failure of the span would pass it by", () => {
    const text =
      "await Sentry.startSpan({ name: 'job' }, async () => {\n  try {\n    await work();\n  } finally {\n    await Sentry.flush(2000);\n  }\n});\n";
    expect(repaired("inside-span", SENTRY, text, { at: "Sentry.flush(2000)", file: "main.js" }).text).toBe(
      "try {\n  await Sentry.startSpan({ name: 'job' }, async () => {\n    await work();\n  });\n} finally {\n  await Sentry.flush(2000);\n}\n",
    );
  });

  it("goes into a finally where the span gives a value", () => {
    const text =
      "export async function run() {\n  return Sentry.startSpan({ name: 'job' }, async () => {\n    const count = await work();\n    await Sentry.flush(2000);\n    return count;\n  });\n}\n";
    expect(repaired("inside-span", SENTRY, text, { at: "Sentry.flush(2000)", file: "main.js" }).text).toBe(
      "export async function run() {\n  try {\n    return await Sentry.startSpan({ name: 'job' }, async () => {\n      const count = await work();\n      return count;\n    });\n  } finally {\n    await Sentry.flush(2000);\n  }\n}\n",
    );
  });

  it("stays where more happens behind it", () => {
    const text =
      "await Sentry.startSpan({ name: 'job' }, async () => {\n  await work();\n  await Sentry.flush(2000);\n  await rest();\n});\n";
    expect(
      repaired("inside-span", SENTRY, text, { at: "Sentry.flush(2000)", file: "main.js" }).level,
    ).toBeNull();
  });
});

describe("a flush of the exporter", () => {
  const end = 'process.on("SIGTERM", async () => {\n  await exporter.shutdown();\n  process.exit(0);\n});\n';
  const place = { at: "exporter.shutdown()" };

  it("is one of the provider", () => {
    const head = `${TRACES}const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });\nprovider.register();\n`;
    expect(repaired("wrong-link", head, end, place)).toMatchObject({
      level: "review",
      text: end.replace("exporter.", "provider."),
    });
  });

  it("is one of the processor where the provider has no name", () => {
    const head = `${TRACES}const processor = new BatchSpanProcessor(exporter);\nnew NodeTracerProvider({ spanProcessors: [processor] }).register();\n`;
    expect(repaired("wrong-link", head, end, place).text).toBe(end.replace("exporter.", "processor."));
  });

  it("lets another file have the provider", () => {
    const more = {
      "otel.ts": `${TRACES.replace("const exporter", "export const exporter")}const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });\nprovider.register();\n`,
    };
    const { text, files } = repaired("wrong-link", 'import { exporter } from "./otel.js";\n', end, {
      ...place,
      more,
    });
    expect(text).toBe(`import { provider } from "./otel.js";\n${end.replace("exporter.", "provider.")}`);
    expect(files["otel.ts"]).toContain("export const provider = ");
  });
});

describe("an exit that is handed the value of the flush", () => {
  it("gets a code of its own", () => {
    expect(
      repaired("passed-exit", SENTRY, "Sentry.flush(2000).then(process.exit);\n", {
        at: "Sentry.flush(2000).then",
      }),
    ).toMatchObject({ level: "review", text: "Sentry.flush(2000).finally(() => process.exit(0));\n" });
  });

  it("takes the code that the program has set", () => {
    const text = "process.exitCode = 1;\nSentry.flush(2000).then(process.exit);\n";
    expect(repaired("passed-exit", SENTRY, text, { at: "Sentry.flush(2000).then" }).text).toBe(
      "process.exitCode = 1;\nSentry.flush(2000).finally(() => process.exit());\n",
    );
  });

  it("leaves a failure to those who handle it", () => {
    const text = "sdk.shutdown().then(process.exit).catch(fail);\n";
    expect(repaired("passed-exit", SDK, text, { at: "sdk.shutdown().then(process.exit)" }).text).toBe(
      "sdk.shutdown().then(() => process.exit(0)).catch(fail);\n",
    );
  });
});

describe("a latch that lets the second caller go", () => {
  it("becomes one promise for all", () => {
    const text =
      'let isShuttingDown = false;\n\nasync function shutdown(): Promise<void> {\n  if (isShuttingDown) return;\n  isShuttingDown = true;\n  console.log("closing");\n  await sdk.shutdown();\n}\n\nprocess.on("SIGTERM", shutdown);\n';
    expect(repaired("latch", SDK, text, { at: "sdk.shutdown()" })).toMatchObject({
      level: "review",
      text: 'let shuttingDown: Promise<void> | undefined;\n\nfunction shutdown(): Promise<void> {\n  shuttingDown ??= (async () => {\n    console.log("closing");\n    await sdk.shutdown();\n  })();\n  return shuttingDown;\n}\n\nprocess.on("SIGTERM", shutdown);\n',
    });
  });

  it("stays where the flag says something to others", () => {
    const text =
      "export let closing = false;\n\nexport async function shutdown(): Promise<void> {\n  if (closing) return;\n  closing = true;\n  await sdk.shutdown();\n}\n";
    expect(repaired("latch", SDK, text, { at: "sdk.shutdown()" }).level).toBeNull();
  });
});

describe("the style of the file is kept", () => {
  const restyled = (text: string, newline = "\n", tab = "  ", end = ""): string =>
    text.replaceAll(";\n", `${end}\n`).replaceAll("  ", tab).replaceAll('"', "'").replaceAll("\n", newline);
  const bare = (text: string): string => restyled(text);
  const tabbed = (text: string): string => restyled(text, "\n", "\t", ";");

  it.each([bare, tabbed])("where a listener is split", (as) => {
    const head = as(`import { rmSync } from "node:fs";
import path from "node:path";\n${SDK}`);
    const text = as('process.on("exit", () => {\n  rmSync("app.pid");\n  sdk.shutdown();\n});\n');
    const place = { at: "process.on", flush: "sdk.shutdown()", ending: "process.on" };
    expect(repaired("exit-listener", head, text, place).text).toBe(
      as(
        'process.on("exit", () => {\n  rmSync("app.pid");\n});\nprocess.once("beforeExit", () => {\n  sdk.shutdown().catch(console.error);\n});\n',
      ),
    );
  });

  it.each([bare, tabbed])("where a promise is shared", (as) => {
    const text = as(
      "let closing = false;\n\nexport async function stop(): Promise<void> {\n  if (closing) return;\n  closing = true;\n  await sdk.shutdown();\n}\n",
    );
    expect(repaired("latch", as(SDK), text, { at: "sdk.shutdown()" }).text).toBe(
      as(
        "let closing: Promise<void> | undefined;\n\nexport function stop(): Promise<void> {\n  closing ??= (async () => {\n    await sdk.shutdown();\n  })();\n  return closing;\n}\n",
      ),
    );
  });

  it.each([bare, tabbed])("where a flush leaves its executor", (as) => {
    const text = as(
      "export async function stop() {\n  await new Promise<void>(async (resolve) => {\n    server.close(() => resolve());\n    await sdk.shutdown();\n  });\n}\n",
    );
    expect(repaired("executor", as(SDK), text, { at: "sdk.shutdown()" }).text).toBe(
      as(
        "export async function stop() {\n  await new Promise<void>((resolve) => {\n    server.close(() => resolve());\n  });\n  await sdk.shutdown();\n}\n",
      ),
    );
  });

  it("in functions of before the arrow", () => {
    const head = "var PostHog = require('posthog-node').PostHog;\nvar client = new PostHog('key');\n\n";
    const text = "Sentry.flush(2000).then(process.exit);\n".replace("Sentry.flush(2000)", "client.flush()");
    expect(
      repaired("passed-exit", `${head}run(function () {});\n`, text, {
        at: "client.flush().then",
        file: "main.cjs",
        more: { "package.json": '{ "main": "main.cjs" }' },
      }).text,
    ).toBe("client.flush().finally(function () { process.exit(0); });\n");
  });
});

describe("wherever a flush of the fixtures stands", () => {
  const shapes: FloatingFlush["shape"][] = [
    "dropped",
    "each",
    "nothing-to-await",
    "exit-listener",
    "executor",
    "inside-span",
    "wrong-link",
    "passed-exit",
    "latch",
  ];

  it.each(shapes)("a repair of the shape %s leaves a program", (shape) => {
    const made = everywhere(shape);
    expect(made.faults).toEqual([]);
    expect(made.count).toBeGreaterThan(0);
  });
});

describe("TypeScript holds nothing new against the results", () => {
  it("of all the repairs above", () => {
    const lines = diagnosticsOf(checked.flatMap((m) => [m.before, m.after]));
    for (const { before, after, title } of checked)
      expect(added(lines.get(before) ?? [], lines.get(after) ?? []), title).toEqual([]);
    expect(checked.length).toBeGreaterThan(40);
  });
});
