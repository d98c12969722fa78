import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ESLint, type Linter } from "eslint";
import { afterEach, describe, expect, it, vi } from "vitest";
import plugin from "../src/plugin.js";
import { project } from "./cli/support.js";

const manifest = JSON.stringify({ name: "app", type: "module", main: "server.mjs" });
const otel = `import { NodeSDK } from "@opentelemetry/sdk-node";
export const sdk = new NodeSDK();
sdk.start();
`;
const server = `import "./otel.mjs";
await fetch("https://example.org/");
process.exit(0);
`;
const lossy = { "package.json": manifest, "otel.mjs": otel, "server.mjs": server };

function eslint(cwd: string, config: Linter.Config = {}): ESLint {
  return new ESLint({
    cwd,
    overrideConfigFile: true,
    overrideConfig: [plugin.configs.recommended, config],
  });
}

async function lint(cwd: string, file: string, config?: Linter.Config): Promise<Linter.LintMessage[]> {
  const [result] = await eslint(cwd, config).lintFiles([file]);
  return result?.messages ?? [];
}

const rulesOf = (messages: Linter.LintMessage[]) =>
  messages.map(({ ruleId, line }) => `${String(ruleId)} ${line}`);

afterEach(() => vi.restoreAllMocks());

describe("the ESLint plugin", () => {
  it("says what it is", () => {
    expect(plugin.meta).toEqual({
      name: "telemetry-fix",
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      namespace: "telemetry",
    });
    expect(plugin.configs.recommended.rules).toMatchObject({ "telemetry/no-exit-before-flush": "error" });
    expect(plugin.configs.strict.rules).toMatchObject({
      "telemetry/no-exit-before-flush": ["error", { strict: true }],
    });
    expect(plugin.configs.recommended.plugins).toEqual({ telemetry: plugin });
  });

  it("reports a loss that only a second file proves, at the exit", async () => {
    const messages = await lint(project(lossy), "server.mjs");
    expect(messages).toMatchObject([
      {
        ruleId: "telemetry/no-exit-before-flush",
        messageId: "finding",
        severity: 2,
        line: 3,
        column: 1,
        endLine: 3,
        endColumn: 16,
      },
    ]);
    expect(messages[0]?.message).toContain("process.exit() ends the process");
  });

  it("is silent on the file that only starts telemetry, and on correct code", async () => {
    const root = project({
      ...lossy,
      "server.mjs": server
        .replace('import "', 'import { sdk } from "')
        .replace("process", "await sdk.shutdown();\nprocess"),
    });
    expect(await lint(root, "otel.mjs")).toEqual([]);
    expect(await lint(root, "server.mjs")).toEqual([]);
  });

  it("obeys eslint-disable comments", async () => {
    const silenced = server.replace(
      "process",
      "// eslint-disable-next-line telemetry/no-exit-before-flush\nprocess",
    );
    expect(await lint(project({ ...lossy, "server.mjs": silenced }), "server.mjs")).toEqual([]);
  });

  it("limits itself to what the file proves with project: false", async () => {
    const root = project({ ...lossy, "alone.mjs": otel + server.replace(/^import.*\n/, "") });
    const settings = { telemetry: { project: false } };
    expect(await lint(root, "server.mjs", { settings })).toEqual([]);
    expect(rulesOf(await lint(root, "alone.mjs", { settings }))).toEqual([
      "telemetry/no-exit-before-flush 5",
    ]);
  });

  it("knows in-house SDKs from the settings", async () => {
    const root = project({
      "package.json": manifest,
      "server.mjs": `import { begin } from "@acme/telemetry";\nbegin();\n${server.replace(/^import.*\n/, "")}`,
    });
    expect(await lint(root, "server.mjs")).toEqual([]);
    const sdks = [{ module: "@acme/telemetry", calls: { begin: "start", end: "close" } }];
    const messages = await lint(root, "server.mjs", { settings: { telemetry: { sdks } } });
    expect(rulesOf(messages)).toEqual(["telemetry/no-exit-before-flush 4"]);
  });

  it("takes the root from the settings", async () => {
    const root = project({
      ...lossy,
      "inner/package.json": "{}",
      "inner/job.mjs": server.replace("./otel", "../otel"),
    });
    expect(await lint(root, "inner/job.mjs")).toEqual([]);
    const messages = await lint(root, "inner/job.mjs", { settings: { telemetry: { root: "." } } });
    expect(rulesOf(messages)).toEqual(["telemetry/no-exit-before-flush 3"]);
  });

  it("takes the root of a workspace, so that packages see each other", async () => {
    const root = project({
      "package.json": '{ "workspaces": ["packages/*"] }',
      "packages/otel/package.json": '{ "name": "@acme/otel", "type": "module", "main": "otel.mjs" }',
      "packages/otel/otel.mjs": otel,
      "packages/app/package.json": manifest,
      "packages/app/server.mjs": server.replace("./otel.mjs", "@acme/otel"),
    });
    expect(rulesOf(await lint(join(root, "packages/app"), "server.mjs"))).toEqual([
      "telemetry/no-exit-before-flush 3",
    ]);
  });

  it.each([
    [{ telemetry: [] }, "settings.telemetry must be an object"],
    [{ telemetry: { root: 1 } }, "settings.telemetry.root must be a path"],
    [{ telemetry: { project: "no" } }, "settings.telemetry.project must be true or false"],
    [{ telemetry: { sdks: [{ module: "x" }] } }, "settings.telemetry.sdks[0].calls must give"],
  ])("names a setting of the wrong shape: %j", async (settings, message) => {
    await expect(lint(project(lossy), "server.mjs", { settings })).rejects.toThrow(message);
  });

  it("reads text that is newer than the disk, and text of files that are not there yet", async () => {
    const root = project(lossy);
    const linter = eslint(root);
    const messagesOf = async (text: string, filePath: string) =>
      rulesOf(
        (await linter.lintText(text, { filePath: join(root, filePath) })).flatMap(({ messages }) => messages),
      );
    expect(await messagesOf(`\n${server}`, "server.mjs")).toEqual(["telemetry/no-exit-before-flush 4"]);
    expect(await messagesOf("export {};\n", "server.mjs")).toEqual([]);
    expect(await messagesOf(server, "new.mjs")).toEqual(["telemetry/no-exit-before-flush 3"]);
  });

  it("survives text without a name, blocks of documents and other languages", async () => {
    const root = project({ ...lossy, "README.md": `# How to end\n\n${otel}${server}` });
    const blocks: Linter.Processor = {
      preprocess: (text) => [{ text: text.slice(text.indexOf("import")), filename: "0.js" }],
      postprocess: (lists) => lists.flat(),
    };
    const linter = new ESLint({
      cwd: root,
      overrideConfigFile: true,
      overrideConfig: [
        plugin.configs.recommended,
        { files: ["**/*.md"], plugins: { blocks: { processors: { blocks } } }, processor: "blocks/blocks" },
        { files: ["**/*.vue"] },
      ],
    });
    const [document] = await linter.lintFiles(["README.md"]);
    expect(document?.messages.filter(({ fatal }) => fatal)).toEqual([]);
    const [nameless] = await linter.lintText(otel + server.replace(/^import.*\n/, ""));
    expect(rulesOf(nameless?.messages ?? [])).toEqual(["telemetry/no-exit-before-flush 5"]);
    const [component] = await linter.lintText("process.exit(0);", { filePath: join(root, "a.vue") });
    expect(component?.messages).toEqual([]);
  });

  it("sees that another file changed on disk, but does not look all the time", async () => {
    let now = 1e9;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    const root = project(lossy);
    expect(await lint(root, "server.mjs")).toHaveLength(1);
    renameSync(join(root, "otel.mjs"), join(root, "gone.mjs"));
    writeFileSync(join(root, "otel.mjs"), "export {};\n");
    expect(await lint(root, "server.mjs")).toHaveLength(1);
    now += 1001;
    expect(await lint(root, "server.mjs")).toHaveLength(0);
  });

  it("fits a file with a byte order mark and Windows line ends", async () => {
    const root = project({ ...lossy, "server.mjs": `\ufeff${server.replaceAll("\n", "\r\n")}` });
    expect(await lint(root, "server.mjs")).toMatchObject([{ line: 3, column: 1, endColumn: 16 }]);
  });
});
