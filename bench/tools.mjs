// The programs that bench.mjs runs on a staged tree: how each is started and what its output says.
import { rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const beside = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {string[]} args for node
 * @property {Record<string, string>} env
 * @property {() => void} prepare runs unmeasured before each run
 * @property {(stdout: string) => { files: number, findings?: number }} read
 */

/** Points every usual place for caches into `folder`, so that a run can be made cold by emptying it. */
function cacheEnvironment(folder) {
  return Object.fromEntries(
    ["HOME", "USERPROFILE", "XDG_CACHE_HOME", "LOCALAPPDATA", "TMPDIR", "TMP", "TEMP"].map((name) => [
      name,
      folder,
    ]),
  );
}

/** Builds the tools for one staged tree. `peers` is a folder from which ESLint, oxlint and their plugins resolve. */
export class Bench {
  constructor({ tree, scratch, peers, cli, plugin, emptyFolder }) {
    this.tree = tree;
    this.scratch = scratch;
    this.cli = cli;
    this.plugin = plugin;
    this.emptyFolder = emptyFolder;
    this.caches = path.join(scratch, "caches");
    this.require = createRequire(path.join(path.resolve(peers), "index.js"));
  }

  /** Removes whatever an earlier run may have kept. */
  forget() {
    this.emptyFolder(this.caches);
    for (const kept of [".telemetry-fix", "node_modules", ".cache"]) {
      rmSync(path.join(this.tree, kept), { recursive: true, force: true });
    }
  }

  /** Path of a module as the folder of the peers sees it. */
  peer(specifier) {
    try {
      return this.require.resolve(specifier);
    } catch {
      throw new Error(`${specifier} is not installed here; name a folder that has it with --peers`);
    }
  }

  /** Path of a file in a peer's package. */
  binary(packageName, file) {
    return path.join(path.dirname(this.peer(`${packageName}/package.json`)), file);
  }

  /** @returns {Tool} `check`, cold (nothing kept) or warm (right after a run that kept what it could) */
  check(temperature) {
    return {
      name: `telemetry-fix check, ${temperature}`,
      args: [...this.cli, "check", "--format", "json", "."],
      env: cacheEnvironment(this.caches),
      prepare: () => {
        if (temperature === "cold") this.forget();
      },
      read: (stdout) => {
        const { findings, summary } = JSON.parse(stdout);
        return { files: summary.files, findings: findings.length };
      },
    };
  }

  /**
   * @param {string} name
   * @param {{ recommended?: boolean, plugin?: "cold" | "warm" }} options which rules besides the exit rule
   * @returns {Tool} ESLint with the TypeScript parser, without type information
   */
  eslint(name, { recommended = false, plugin } = {}) {
    const config = path.join(this.scratch, `${name.replaceAll(/\W+/g, "-")}.config.mjs`);
    const url = (target) => JSON.stringify(pathToFileURL(target).href);
    const rules = this.peer("eslint-plugin-n");
    const parser = this.peer("typescript-eslint");
    writeFileSync(
      config,
      `import n from ${url(rules)};
import ts from ${url(parser)};
${plugin ? `import telemetry from ${url(this.plugin)};` : ""}
const files = ["**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}"];
const list = (config) => (Array.isArray(config) ? config : [config]);
export default [
  ${recommended ? "...ts.configs.recommended.map((config) => ({ ...config, files }))," : ""}
  { files, languageOptions: { parser: ts.parser }, plugins: { n }, rules: { "n/no-process-exit": "error" } },
  ${plugin ? "...list(telemetry.configs.recommended).map((config) => ({ ...config, files }))," : ""}
];
`,
    );
    return {
      name,
      args: [
        this.binary("eslint", "bin/eslint.js"),
        "--config",
        config,
        "--no-inline-config",
        "--format",
        beside("eslint-count.mjs"),
        ".",
      ],
      env: cacheEnvironment(this.caches),
      prepare: () => {
        if (plugin !== "warm") this.forget();
      },
      read: (stdout) => JSON.parse(stdout),
    };
  }

  /** @returns {Tool} oxlint with one native rule */
  oxlint() {
    const config = path.join(this.scratch, "oxlintrc.json");
    writeFileSync(config, JSON.stringify({ plugins: ["unicorn"], categories: { correctness: "off" } }));
    const rule = ["-A", "all", "-D", "unicorn/no-process-exit"];
    return {
      name: "oxlint, one native rule",
      args: [
        this.binary("oxlint", "bin/oxlint"),
        "-c",
        config,
        "--disable-nested-config",
        ...rule,
        "-f",
        "json",
        ".",
      ],
      env: {},
      prepare: () => {},
      read: (stdout) => {
        const { diagnostics, number_of_files: files } = JSON.parse(stdout);
        const findings = diagnostics.filter((one) => one.code?.includes("no-process-exit")).length;
        return { files, findings };
      },
    };
  }

  /** @returns {Tool} the parser alone */
  parsing(files) {
    const list = path.join(this.scratch, "files.txt");
    writeFileSync(list, files.join("\n"));
    return {
      name: "oxc-parser, every file",
      args: [beside("parse-all.mjs"), list],
      env: {},
      prepare: () => {},
      read: (stdout) => JSON.parse(stdout),
    };
  }
}
