import { spawnSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ESLint } from "eslint";
import { beforeAll, describe, expect, it } from "vitest";
import plugin from "../src/plugin.js";
import { packageSettings } from "../src/package-settings.js";
import { readSdks } from "../src/read-sdks.js";
import type { SdkSetting } from "../src/settings.js";
import { Workspace } from "../src/workspace.js";
import { project, run } from "./cli/support.js";
import { build } from "./support/build.js";

const sdks: SdkSetting[] = [
  {
    module: "@acme/telemetry",
    name: "Acme",
    calls: { begin: "start", record: "capture", drain: "flush", stop: "close" },
  },
];

const manifest = { name: "app", type: "module", main: "main.mjs" };
const described = { ...manifest, "telemetry-fix": { sdks } };

/** A program that begins the in-house SDK, works, and ends as it is told. */
function program(ending: string, names = "begin, drain, stop"): string {
  return `import { ${names} } from "@acme/telemetry";
begin();
await fetch("https://example.org/");
${ending}
`;
}

const lossy = program("process.exit(0);", "begin");

function files(main: string, json: object = manifest): Record<string, string> {
  return { "package.json": JSON.stringify(json), "main.mjs": main };
}

/** `<file>:<line> <message>` of every finding. */
type Host = (root: string, settings: Record<string, unknown>) => Promise<string[]> | string[];

const withWorkspace: Host = (root, settings) => {
  const workspace = Workspace.open({ root, cacheDir: false, ...settings });
  return workspace.analyse().findings.map(({ file, line, message }) => `${file}:${String(line)} ${message}`);
};

const withEslint: Host = async (root, telemetry) => {
  const linter = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: [plugin.configs.recommended, { settings: { telemetry } }],
  });
  const results = await linter.lintFiles(["."]);
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ line, message }) => `${path.relative(root, filePath)}:${String(line)} ${message}`),
  );
};

async function check(root: string) {
  const { exitCode, stdout, stderr } = await run(root, ["check", "--format", "json"], {
    openAnalyser: (options) => Workspace.open({ ...options, cacheDir: false }),
  });
  const { findings } = JSON.parse(stdout === "" ? '{ "findings": [] }' : stdout) as {
    findings: { file: string; line: number }[];
  };
  return { exitCode, stderr, places: findings.map(({ file, line }) => `${file}:${String(line)}`) };
}

describe.each([
  ["Workspace", withWorkspace],
  ["ESLint", withEslint],
] as const)("an in-house SDK described to %s", (_name, told) => {
  const ofProgram = (main: string, settings: SdkSetting[]) => told(project(files(main)), { sdks: settings });

  it("is unknown unless it is described", async () => {
    expect(await ofProgram(lossy, [])).toEqual([]);
  });

  it("makes an exit without a flush a loss, under the name it was given", async () => {
    expect(await ofProgram(lossy, sdks)).toEqual([expect.stringMatching(/^main\.mjs:4 .*\bAcme\b/)]);
    const [nameless] = sdks.map(({ module, calls }) => ({ module, calls }));
    expect(await ofProgram(lossy, nameless ? [nameless] : [])).toEqual([
      expect.stringMatching(/^main\.mjs:4 .*@acme\/telemetry/),
    ]);
  });

  it.each(["drain", "stop"])("is silent once %s was awaited, and reports it floating", async (flush) => {
    expect(await ofProgram(program(`await ${flush}();\nprocess.exit(0);`), sdks)).toEqual([]);
    expect(await ofProgram(program(`void ${flush}();\nprocess.exit(0);`), sdks)).toHaveLength(1);
  });

  it("may flush before it returns", async () => {
    const calls: SdkSetting["calls"] = { begin: "start", drain: { role: "flush", style: "sync" } };
    const main = program("drain();\nprocess.exit(0);", "begin, drain");
    expect(await ofProgram(main, [{ module: "@acme/telemetry", calls }])).toEqual([]);
    expect(await ofProgram(main, sdks)).toHaveLength(1);
  });

  it("records by itself unless it is said not to", async () => {
    const quiet = sdks.map((sdk) => ({ ...sdk, ambient: false }));
    expect(await ofProgram(lossy, quiet)).toEqual([]);
    const recording = program('record("x");\nprocess.exit(0);', "begin, record");
    expect(await ofProgram(recording, quiet)).toHaveLength(1);
  });

  it("is known under every form of import, and in other files", async () => {
    const namespace = lossy.replace("{ begin }", "* as acme").replace("begin()", "acme.begin()");
    expect(await ofProgram(namespace, sdks)).toHaveLength(1);
    const root = project({
      ...files(
        'import { start } from "./acme.mjs";\nstart();\nprocess.exit(await fetch("https://example.org/"));\n',
      ),
      "acme.mjs":
        'import { begin } from "@acme/telemetry";\nexport const start = () => begin({ app: "app" });\n',
    });
    expect(await told(root, { sdks })).toEqual([expect.stringMatching(/^main\.mjs:3 /)]);
  });

  it("may be closed where it is begun, which is a loss too", async () => {
    const root = project(
      files(
        'import { createServer } from "node:http";\nimport { begin, stop } from "@acme/telemetry";\nbegin();\nawait stop();\ncreateServer().listen(80);\n',
      ),
    );
    expect(await told(root, { sdks })).toEqual([expect.stringMatching(/^main\.mjs:4 /)]);
  });
});

const otel = `import { NodeSDK } from "@opentelemetry/sdk-node";
export const sdk = new NodeSDK();
sdk.start();
`;
const server = `import "./otel.mjs";
await fetch("https://example.org/");
process.exit(0);
`;
const alone = otel + server.slice(server.indexOf("\n") + 1);

describe("settings.telemetry", () => {
  it("limits itself with project: false to what the linted file proves by itself", async () => {
    const root = project({ ...files(server), "otel.mjs": otel, "alone.mjs": alone });
    const places = async (settings: object) =>
      (await withEslint(root, { ...settings })).map((line) => line.split(" ")[0]);
    expect(await places({ project: true })).toEqual(["alone.mjs:5", "main.mjs:3"]);
    expect(await places({ project: false })).toEqual(["alone.mjs:5"]);
  });

  it("takes the root from outside the package of the linted file", async () => {
    const root = project({
      "otel.mjs": otel,
      "app/package.json": JSON.stringify(manifest),
      "app/main.mjs": server.replace("./otel", "../otel"),
    });
    expect(await withEslint(root, {})).toEqual([]);
    for (const folder of [".", root])
      expect(await withEslint(root, { root: folder })).toEqual([expect.stringMatching(/^app.main\.mjs:3 /)]);
  });

  it("says nothing about files outside the root that it was given", async () => {
    const root = project({ ...files(alone), "app/package.json": "{}" });
    expect(await withEslint(root, { root: "app" })).toEqual([]);
  });
});

describe("the block telemetry-fix in package.json", () => {
  it("is known to the command line", async () => {
    expect(await check(project(files(lossy)))).toEqual({ exitCode: 0, stderr: "", places: [] });
    expect(await check(project(files(lossy, described)))).toEqual({
      exitCode: 1,
      stderr: "",
      places: ["main.mjs:4"],
    });
  });

  it("is known to ESLint, where the linter's own description of a module comes first", async () => {
    const root = project(files(lossy, described));
    expect(await withEslint(root, {})).toEqual([expect.stringMatching(/^main\.mjs:4 .*\bAcme\b/)]);
    expect(await withEslint(root, { sdks: sdks.map((sdk) => ({ ...sdk, ambient: false })) })).toEqual([]);
    const other = [{ module: "@acme/other", calls: { begin: "start" } }];
    expect(await withEslint(root, { sdks: other })).toHaveLength(1);
  });

  it.each([
    ["a list", [], '"telemetry-fix" in package.json must be an object'],
    ["an unknown field", { sdk: sdks }, '"telemetry-fix" in package.json: sdk is not known; it takes sdks'],
    ["a wrong list", { sdks: {} }, '"telemetry-fix" in package.json: sdks must be a list of'],
  ])("stops the command line with a clear error: %s", async (_name, block, message) => {
    const root = project(files(lossy, { ...manifest, "telemetry-fix": block }));
    const { exitCode, stderr } = await check(root);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`telemetry-fix: ${message}`);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    await expect(withEslint(root, {})).rejects.toThrow(message);
  });

  it("is absent from a manifest that is missing, no JSON, a link or a folder", () => {
    expect(packageSettings(project({}))).toEqual({ sdks: [], checks: {} });
    expect(packageSettings(project({ "package.json": "<<<" }))).toEqual({ sdks: [], checks: {} });
    expect(packageSettings(project({ "package.json/x": "" }))).toEqual({ sdks: [], checks: {} });
    const linked = project({});
    symlinkSync(
      path.join(project(files(lossy, described)), "package.json"),
      path.join(linked, "package.json"),
    );
    expect(packageSettings(linked)).toEqual({ sdks: [], checks: {} });
  });
});

describe("the list of SDKs", () => {
  it("is taken as it is", () => {
    expect(readSdks(sdks, "sdks")).toEqual(sdks);
    const styled = [{ module: "m", ambient: false, calls: { end: { role: "close", style: "callback" } } }];
    expect(readSdks(styled, "sdks")).toEqual(styled);
  });

  it.each([
    [{}, "sdks must be a list"],
    [["@acme/telemetry"], "sdks[0] must be { module: string"],
    [[...sdks, { calls: {} }], "sdks[1].module must be the module's name"],
    [[{ module: "", calls: {} }], "sdks[0].module must be the module's name"],
    [[{ module: "m" }], "sdks[0].calls must give each exported function its role"],
    [[{ module: "m", calls: {}, call: {} }], "sdks[0].call is not known"],
    [[{ module: "m", name: 1, calls: {} }], "sdks[0].name must be"],
    [[{ module: "m", ambient: "yes", calls: {} }], "sdks[0].ambient must be true or false"],
    [[{ module: "m", calls: { end: "shutdown" } }], "sdks[0].calls.end must be a role, one of create, start"],
    [[{ module: "m", calls: { end: "toString" } }], "sdks[0].calls.end must be a role"],
    [[{ module: "m", calls: { end: { style: "sync" } } }], "sdks[0].calls.end must be a role"],
    [
      [{ module: "m", calls: { end: { role: "close", style: "async" } } }],
      "sdks[0].calls.end.style must be one of promise",
    ],
  ])("is refused with the place of the fault: %j", (value, message) => {
    expect(() => readSdks(value, "sdks")).toThrow(message);
    expect(() => readSdks(value, "sdks")).toThrow(TypeError);
  });
});

describe("oxlint", () => {
  let dist: string;
  beforeAll(() => {
    dist = build();
  });

  it.each([
    ["its own settings", manifest, { telemetry: { sdks } }],
    ["package.json", described, {}],
  ])("takes SDKs from %s", (_name, json, settings) => {
    const root = project(files(lossy, json));
    const config = {
      jsPlugins: [{ name: "telemetry", specifier: path.join(dist, "src", "plugin.js") }],
      plugins: [],
      categories: { correctness: "off" },
      rules: plugin.configs.recommended.rules,
      settings,
    };
    writeFileSync(path.join(root, ".oxlintrc.json"), JSON.stringify(config));
    const bin = path.resolve(import.meta.dirname, "../node_modules/oxlint/bin/oxlint");
    const { stdout, stderr } = spawnSync(process.execPath, [bin, "--format", "json", "."], {
      cwd: root,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { message: string }[] };
    expect(diagnostics).toEqual([
      expect.objectContaining({
        code: "telemetry(no-exit-before-flush)",
        message: expect.stringContaining("Acme"),
      }),
    ]);
  });
});
