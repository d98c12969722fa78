import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Workspace } from "../src/workspace.js";

const home: string[] = [];
afterEach(() => {
  for (const folder of home.splice(0)) rmSync(folder, { recursive: true });
});

const main = `import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";

const provider = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })],
});
provider.getMeter("job").createCounter("orders").add(1);
await provider.shutdown();
`;
const manifest = {
  name: "job",
  private: true,
  type: "module",
  scripts: { start: "node main.js" },
  dependencies: {
    "@opentelemetry/exporter-metrics-otlp-http": "^0.49.0",
    "@opentelemetry/sdk-metrics": "^1.22.0",
  },
};
const sdk = "@opentelemetry/sdk-metrics";
const npm = (version: string, member: string): string =>
  JSON.stringify(
    { lockfileVersion: 3, packages: { "": {}, [member]: {}, [`node_modules/${sdk}`]: { version } } },
    undefined,
    2,
  );

/** What is found in a package of a repository whose top has the given files. */
function foundBelow(top: Readonly<Record<string, string>>): string[] {
  const repository = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-above-")));
  home.push(repository);
  mkdirSync(path.join(repository, ".git"));
  const root = path.join(repository, "packages/job");
  mkdirSync(root, { recursive: true });
  for (const [name, text] of Object.entries(top)) writeFileSync(path.join(repository, name), text);
  writeFileSync(path.join(root, "package.json"), JSON.stringify(manifest));
  writeFileSync(path.join(root, "main.js"), main);
  const workspace = Workspace.open({ root, cacheDir: false, rules: ["safe-processor-config"] });
  return workspace.analyse().findings.flatMap((finding) => finding.check ?? []);
}

describe("a package that is looked at alone", () => {
  it("has what the lock file at the top of its repository installs", () => {
    expect(foundBelow({ "package-lock.json": npm("1.22.0", "packages/job") })).toEqual(["reader-shutdown"]);
    expect(foundBelow({ "package-lock.json": npm("1.30.1", "packages/job") })).toEqual([]);
  });

  it("has so with pnpm and the later yarn", () => {
    const pnpm = `lockfileVersion: '9.0'\n\nimporters:\n\n  packages/job:\n    dependencies:\n      '${sdk}':\n        specifier: ^1.22.0\n        version: 1.22.0(@opentelemetry/api@1.8.0)\n\npackages:\n`;
    expect(foundBelow({ "pnpm-lock.yaml": pnpm })).toEqual(["reader-shutdown"]);
    const yarn = `"${sdk}@npm:^1.22.0":\n  version: 1.22.0\n\n"job@workspace:packages/job":\n  version: 0.0.0-use.local\n`;
    expect(foundBelow({ "yarn.lock": yarn })).toEqual(["reader-shutdown"]);
  });

  it("is not told of by the lock file of its neighbours, nor by one that disagrees with it", () => {
    expect(foundBelow({ "package-lock.json": npm("1.22.0", "packages/other") })).toEqual([]);
    expect(foundBelow({ "package-lock.json": npm("0.33.0", "packages/job") })).toEqual([]);
  });
});
