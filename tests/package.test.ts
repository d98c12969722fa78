import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const home = join(import.meta.dirname, "..");
const folders: string[] = [];
let tarball: string;

function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "telemetry-fix-package-")));
  folders.push(path);
  return path;
}

beforeAll(() => {
  const target = folder();
  const output = execFileSync("npm", ["pack", "--json", "--pack-destination", target], {
    cwd: home,
    encoding: "utf8",
    stdio: "pipe",
  });
  const [packed] = JSON.parse(output.slice(output.indexOf("["))) as { filename: string }[];
  tarball = join(target, packed?.filename ?? "");
}, 300_000);

afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

const otel = `import { NodeSDK } from "@opentelemetry/sdk-node";
export const sdk = new NodeSDK();
sdk.start();
`;
const server = `import "./otel.EXTENSION";
await fetch("https://example.org/");
process.exit(0);
`;

/** The one finding, as every host has to give it. */
const expected = { rule: "no-exit-before-flush", line: 3, column: 1 };

/** A fresh project with the packed package and these others installed. */
function install(extension: "js" | "ts", config: string, ...packages: string[]): string {
  const root = folder();
  const files: Record<string, string> = {
    "package.json": JSON.stringify({
      name: "app",
      private: true,
      type: "module",
      main: `server.${extension}`,
    }),
    [`otel.${extension}`]: otel,
    [`server.${extension}`]: server.replace("EXTENSION", "js"),
    "eslint.config.js": config,
    ".oxlintrc.json": JSON.stringify({
      jsPlugins: [{ name: "telemetry", specifier: "telemetry-fix" }],
      categories: { correctness: "off" },
      rules: { "telemetry/no-exit-before-flush": "error", "telemetry/no-init-time-shutdown": "error" },
    }),
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text);
  execFileSync("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", tarball, ...packages], {
    cwd: root,
    stdio: "pipe",
  });
  return root;
}

const plain = `import { defineConfig } from "eslint/config";
import telemetry from "telemetry-fix";
export default defineConfig([{ files: ["**/*.js"], plugins: { telemetry }, extends: ["telemetry/recommended"] }]);
`;
const typed = `import { defineConfig } from "eslint/config";
import telemetry from "telemetry-fix";
import tseslint from "typescript-eslint";
export default defineConfig([tseslint.configs.base, { files: ["**/*.ts"], extends: [telemetry.configs.recommended] }]);
`;

function execute(
  root: string,
  ...command: string[]
): { exitCode: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync("npx", ["--no", "--", ...command], {
    cwd: root,
    encoding: "utf8",
  });
  // What npm says about the settings of this machine is not ours.
  return { exitCode: status, stdout, stderr: stderr.replace(/^npm warn .*\n/gm, "") };
}

function eslint(root: string) {
  const { exitCode, stdout, stderr } = execute(root, "eslint", "--format", "json", ".");
  expect(stderr).toBe("");
  expect(exitCode).toBe(1);
  const results = JSON.parse(stdout) as {
    messages: { ruleId: string; line: number; column: number; message: string }[];
  }[];
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, line, column, message }) => ({
      rule: ruleId.replace("telemetry/", ""),
      line,
      column,
      message,
    })),
  );
}

function check(root: string) {
  const { exitCode, stdout, stderr } = execute(root, "telemetry-fix", "check", "--format", "json");
  expect([exitCode, stderr]).toEqual([1, ""]);
  const { findings } = JSON.parse(stdout) as { findings: (typeof expected & { message: string })[] };
  return findings.map(({ rule, line, column, message }) => ({ rule, line, column, message }));
}

describe("the packed package", () => {
  it("holds what it needs and nothing else", () => {
    const files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n").sort();
    const allowed =
      /^package\/(?:dist\/(?:src|rules|codemods)\/.+\.(?:js|d\.ts)|docs\/rules\/[\w-]+\.md|[A-Z]+(?:\.md)?|package\.json)$/;
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        "package/LICENSE",
        "package/README.md",
        "package/dist/src/plugin.d.ts",
        "package/docs/rules/no-exit-before-flush.md",
      ]),
    );
  });

  describe("beside TypeScript 7, in JavaScript", () => {
    let root: string;
    beforeAll(() => {
      root = install("js", plain, "typescript@7", "eslint@10", "oxlint@1");
    }, 120_000);

    it("reports the same in ESLint 10, oxlint and on the command line", () => {
      const found = check(root);
      expect(found).toMatchObject([expected]);
      expect(eslint(root)).toEqual(found);
      const { exitCode, stdout } = execute(root, "oxlint", "--format", "json");
      expect(exitCode).toBe(1);
      const { diagnostics } = JSON.parse(stdout) as {
        diagnostics: {
          code: string;
          message: string;
          labels: { span: { line: number; column: number } }[];
        }[];
      };
      expect(
        diagnostics.map(({ code, message, labels }) => ({
          rule: /telemetry\(([\w-]+)\)/.exec(code)?.[1],
          line: labels[0]?.span.line,
          column: labels[0]?.span.column,
          message,
        })),
      ).toEqual(found);
    });

    it("installs no compiler and no linter of its own", () => {
      const { dependencies } = JSON.parse(
        readFileSync(join(root, "node_modules", "telemetry-fix", "package.json"), "utf8"),
      ) as { dependencies: Record<string, string> };
      expect(Object.keys(dependencies).filter((name) => /typescript|eslint|ts-morph/.test(name))).toEqual([]);
    });

    it("explains a rule and shows its help", () => {
      const page = execute(root, "telemetry-fix", "explain", "no-exit-before-flush");
      expect(page.exitCode).toBe(0);
      expect(page.stdout).toMatch(/^no-exit-before-flush\n/);
      expect(execute(root, "telemetry-fix", "--help").stdout).toContain("Usage: telemetry-fix");
    });

    it("has types that TypeScript 7 accepts", () => {
      writeFileSync(
        join(root, "use.mts"),
        'import telemetry from "telemetry-fix";\nexport const names: string[] = Object.keys(telemetry.configs.recommended.rules ?? {});\n',
      );
      const { exitCode, stdout } = execute(
        root,
        "tsc",
        "--noEmit",
        "--strict",
        "--module",
        "nodenext",
        "use.mts",
      );
      expect([exitCode, stdout]).toEqual([0, ""]);
    });
  });

  it("works in TypeScript with typescript-eslint and TypeScript 6", () => {
    const root = install("ts", typed, "typescript@6", "typescript-eslint@8", "eslint@10");
    const found = check(root);
    expect(found).toMatchObject([expected]);
    expect(eslint(root)).toEqual(found);
  }, 120_000);

  it("works in ESLint 9", () => {
    const root = install("js", plain, "eslint@9");
    expect(eslint(root)).toMatchObject([expected]);
  }, 120_000);
});
