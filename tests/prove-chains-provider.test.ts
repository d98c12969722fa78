import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readCase, type Case } from "../src/prove/caseFile.js";
import { proveCase } from "../src/prove/prove.js";
import { Workspace } from "../src/workspace.js";
import { repairAll } from "./support/repair.js";

const packages = join(import.meta.dirname, "../node_modules");

/** The SDK of each major version; that of the first comes with applicationinsights 2. */
const sdks = {
  1: join(packages, "applicationinsights/node_modules/@opentelemetry/sdk-trace-base"),
  2: join(packages, "@opentelemetry/sdk-trace-base"),
} as const;

type Major = keyof typeof sdks;

/** Sends what a processor hands to it; the exporters of one major version do not work with the SDK of the other. */
const exporter = `export class Exporter {
  export(spans, done) {
    fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + "/v1/traces", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        resourceSpans: [{ scopeSpans: [{ spans: spans.map(({ name }) => ({ name })) }] }],
      }),
    }).then(() => done({ code: 0 }), (error) => done({ code: 1, error }));
  }
  async forceFlush() {}
  async shutdown() {}
}
`;

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

type Files = Record<string, string>;

function write(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** A program with the SDK of a major version; \`after\` is what its repair by hand changes. */
function programOf(major: Major, kind: Case["kind"], files: Files, after: Files = {}): Case {
  const folder = mkdtempSync(join(tmpdir(), "prove-chains-"));
  folders.push(folder);
  const dependencies = {
    "@opentelemetry/api": "^1.9.0",
    "@opentelemetry/sdk-trace-base": major === 1 ? "^1.30.0" : "^2.0.0",
  };
  const manifest = { name: "job", type: "module", scripts: { start: "node main.mjs" }, dependencies };
  write(join(folder, "before"), {
    "package.json": JSON.stringify(manifest),
    "exporter.mjs": exporter,
    ...files,
  });
  write(join(folder, "after"), after);
  write(folder, {
    "case.json": JSON.stringify({
      title: "t",
      distilledFrom: "d",
      kind,
      expect: [],
      run: {
        command: [process.execPath, "main.mjs"],
        scenario: "natural-end",
        receiver: "otlp-http-json",
        expected: { spans: ["work"] },
        exitCode: 0,
        signal: null,
        deadlineMillis: 10_000,
      },
    }),
  });
  const scope = join(folder, "before/node_modules/@opentelemetry");
  mkdirSync(scope, { recursive: true });
  for (const name of ["api", "instrumentation"])
    symlinkSync(join(packages, "@opentelemetry", name), join(scope, name), "junction");
  symlinkSync(sdks[major], join(scope, "sdk-trace-base"), "junction");
  return readCase(folder);
}

const checksOf = (root: string): string[] =>
  Workspace.open({ root, cacheDir: false })
    .analyse()
    .findings.map(({ check, rule }) => check ?? rule);

/** Runs a program before and after what is offered for it. */
async function proveOffered(found: Case): Promise<string[]> {
  const repaired = join(found.directory, "repaired");
  cpSync(join(found.directory, "before"), repaired, {
    recursive: true,
    filter: (path) => !path.includes("node_modules"),
  });
  await repairAll(repaired);
  return (await proveCase(found, { after: repaired })).failures;
}

const main = (makes: string, ends: string): string => `import { trace } from "@opentelemetry/api";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { Exporter } from "./exporter.mjs";
${makes}
trace.getTracer("job").startSpan("work").end();
${ends}
`;

const registered = `const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(new Exporter())] });
trace.setGlobalTracerProvider(provider);`;

const majors: Major[] = [1, 2];

describe("the SDK", () => {
  it.each(majors)("of version %i is the one that is meant", (major) => {
    const { version } = createRequire(import.meta.url)(join(sdks[major], "package.json")) as {
      version: string;
    };
    expect(version.split(".")[0]).toBe(String(major));
  });
});

describe.each(majors)("with version %i of the SDK", (major) => {
  it("a flush of the global provider loses the spans, and one of the own provider delivers them", async () => {
    const found = programOf(major, "bad", {
      "main.mjs": main(registered, "await trace.getTracerProvider().forceFlush?.();"),
    });
    expect(checksOf(join(found.directory, "before"))).toEqual(["global-provider"]);
    expect(await proveOffered(found)).toEqual([]);
  });

  it("a guard lets them get lost as well, and the provider behind the proxy delivers them", async () => {
    const found = programOf(major, "bad", {
      "main.mjs": main(`import { flushSpans } from "./flush.mjs";\n${registered}`, "await flushSpans();"),
      "flush.mjs": `import { trace } from "@opentelemetry/api";

export async function flushSpans() {
  const provider = trace.getTracerProvider();
  if ("forceFlush" in provider) await provider.forceFlush();
}
`,
    });
    expect(checksOf(join(found.directory, "before"))).toEqual(["global-provider"]);
    expect(await proveOffered(found)).toEqual([]);
  });

  it("an instrumentation that flushes what it is given loses them, and delivers them when it asks the proxy", async () => {
    const instrumentation = (
      provider: string,
    ): string => `import { InstrumentationBase } from "@opentelemetry/instrumentation";

export class JobInstrumentation extends InstrumentationBase {
  constructor() {
    super("job", "1.0.0", {});
  }
  init() {
    return [];
  }
  setTracerProvider(tracerProvider) {
    super.setTracerProvider(tracerProvider);
    const provider = ${provider};
    if (typeof provider.forceFlush === "function") this.flush = () => provider.forceFlush();
  }
}
`;
    const found = programOf(
      major,
      "bad",
      {
        "main.mjs": main(
          `import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { JobInstrumentation } from "./instrumentation.mjs";
${registered}
const instrumentation = new JobInstrumentation();
registerInstrumentations({ instrumentations: [instrumentation] });`,
          "await instrumentation.flush?.();",
        ),
        "instrumentation.mjs": instrumentation("tracerProvider"),
      },
      { "instrumentation.mjs": instrumentation("tracerProvider.getDelegate?.() ?? tracerProvider") },
    );
    expect(checksOf(join(found.directory, "before"))).toContain("global-provider");
    expect((await proveCase(found)).failures).toEqual([]);
  });
});

const added = `const provider = new BasicTracerProvider();
provider.addSpanProcessor(new BatchSpanProcessor(new Exporter()));
trace.setGlobalTracerProvider(provider);`;

const addedWhereThere = `const provider = new BasicTracerProvider();
if (typeof provider.addSpanProcessor === "function") {
  provider.addSpanProcessor(new BatchSpanProcessor(new Exporter()));
}
trace.setGlobalTracerProvider(provider);`;

const flushed = "await provider.forceFlush();";

describe("a processor that is added to a provider", () => {
  it.each([
    ["at once", added],
    ["where the member is there", addedWhereThere],
  ])("of version 1 %s gets the spans, and nothing is reported", async (_how, makes) => {
    const found = programOf(1, "lookalike", { "main.mjs": main(makes, flushed) });
    expect(checksOf(join(found.directory, "before"))).toEqual([]);
    expect((await proveCase(found)).failures).toEqual([]);
  });

  it("of version 2 at once ends the program, and gets the spans from the constructor", async () => {
    const found = programOf(2, "bad", { "main.mjs": main(added, flushed) });
    const run = found.run && { ...found.run, exitCodeBefore: 1 };
    expect(checksOf(join(found.directory, "before"))).toEqual(["removed-member"]);
    expect(await proveOffered({ ...found, ...(run && { run }) })).toEqual([]);
  });

  it("of version 2 where the member is there gets none, and gets them from the constructor", async () => {
    const found = programOf(
      2,
      "bad",
      { "main.mjs": main(addedWhereThere, flushed) },
      { "main.mjs": main(registered, flushed) },
    );
    expect(checksOf(join(found.directory, "before"))).toEqual(["removed-member"]);
    expect((await proveCase(found)).failures).toEqual([]);
  });
});

describe("the active processor of version 1", () => {
  const instrumentation = (
    flush: string,
  ): string => `import { InstrumentationBase } from "@opentelemetry/instrumentation";

export class JobInstrumentation extends InstrumentationBase {
  constructor() {
    super("job", "1.0.0", {});
  }
  init() {
    return [];
  }
  setTracerProvider(tracerProvider) {
    super.setTracerProvider(tracerProvider);
    const provider = tracerProvider.getDelegate?.() ?? tracerProvider;
    ${flush}
  }
}
`;

  it("flushes nothing that is added after an instrumentation kept it; the provider does", async () => {
    const found = programOf(
      1,
      "bad",
      {
        "main.mjs": main(
          `import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { JobInstrumentation } from "./instrumentation.mjs";
const provider = new BasicTracerProvider();
trace.setGlobalTracerProvider(provider);
const instrumentation = new JobInstrumentation();
registerInstrumentations({ instrumentations: [instrumentation] });
provider.addSpanProcessor(new BatchSpanProcessor(new Exporter()));`,
          "await instrumentation.flush?.();",
        ),
        "instrumentation.mjs": instrumentation(`if (typeof provider.getActiveSpanProcessor === "function") {
      const processor = provider.getActiveSpanProcessor();
      this.flush = processor.forceFlush.bind(processor);
    }`),
      },
      {
        "instrumentation.mjs": instrumentation(
          `if (typeof provider.forceFlush === "function") this.flush = provider.forceFlush.bind(provider);`,
        ),
      },
    );
    expect(checksOf(join(found.directory, "before"))).toContain("removed-member");
    expect((await proveCase(found)).failures).toEqual([]);
  });
});
