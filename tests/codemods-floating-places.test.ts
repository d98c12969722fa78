import { afterAll, describe, expect, it } from "vitest";
import type { FloatingFlush } from "../src/program/details.js";
import { everywhere } from "./support/everywhere.js";
import { POSTHOG, SDK, SENTRY, TRACES, cleanUp, holdTypes, repaired } from "./support/floating.js";

afterAll(cleanUp);

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
    const head = `import { rmSync } from "node:fs";\n${SDK}`;
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
    const head = `import { rmSync } from "node:fs";\n${SDK}`;
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

  it("is the promise of the flush itself where that is all", () => {
    const text =
      "let closed = false;\n\nexport const stop = async () => {\n  if (closed) {\n    return;\n  }\n  closed = true;\n  await sdk.shutdown();\n};\n";
    expect(repaired("latch", SDK, text, { at: "sdk.shutdown()", file: "main.js" }).text).toBe(
      "let closing;\n\nexport const stop = () => {\n  closing ??= sdk.shutdown();\n  return closing;\n};\n",
    );
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
    const head = as(`import { rmSync } from "node:fs";\n${SDK}`);
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

describe("TypeScript holds nothing new", () => {
  it("against all the results above", () => {
    holdTypes(20);
  });
});
