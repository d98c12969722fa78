#!/usr/bin/env node
// Measures, in one run on one tree, what `telemetry-fix check` costs beside its peers, as ratios.
//
//   node bench/bench.mjs TREE [--runs 3] [--json] [--cli "node dist/src/cli/bin.js"] [--peers FOLDER]
//   node bench/bench.mjs TREE --added [--baseline one-rule|recommended] [--plugin dist/src/plugin.js]
//
// The tree's sources and manifests are copied to a temporary folder first, so that all tools see the same files. Rounds
// run every tool once, one after the other; the medians are compared. `--added` compares ESLint without and with our
// plugin instead. `--peers` names a folder from which eslint, typescript-eslint, eslint-plugin-n and oxlint resolve.
// The table goes to stdout (`--json`: the numbers), progress to stderr. Exit status 2 when a tool could not be run.
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { defaultCli, defaultPlugin, home } from "./defaults.mjs";
import { measure, median, nodeArguments } from "./measure.mjs";
import { stage } from "./stage.mjs";
import { Bench } from "./tools.mjs";

/** Bars of the design: ratios of wall time, bytes, and the share a plugin adds. */
const bars = { eslintOverCheck: 20, checkOverOxlint: 3, peakBytes: 300e6, added: 0.05 };

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: "string", default: "3" },
      json: { type: "boolean", default: false },
      cli: { type: "string", default: defaultCli },
      plugin: { type: "string", default: defaultPlugin },
      peers: { type: "string", default: home },
      added: { type: "boolean", default: false },
      baseline: { type: "string", default: "recommended" },
    },
  });
  const [tree] = positionals;
  if (tree === undefined || !statSync(tree, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error("name the folder to measure on: node bench/bench.mjs TREE");
  }
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`--runs must be a whole number above 0: ${values.runs}`);
  if (!["one-rule", "recommended"].includes(values.baseline)) {
    throw new Error(`--baseline is one-rule or recommended: ${values.baseline}`);
  }
  return { ...values, runs, tree: path.resolve(tree), cli: nodeArguments(values.cli) };
}

async function runOnce(tool, context) {
  tool.prepare();
  const run = await measure(tool.args, { ...context, env: tool.env });
  try {
    return { ...run, ...tool.read(run.stdout) };
  } catch {
    const said = (run.stderr || run.stdout).trim().slice(-800);
    throw new Error(`${tool.name} gave no result (exit ${run.status ?? run.signal}): ${said}`);
  }
}

/** Rounds over all tools, so that a slow minute of the machine hits all of them. */
async function measureAll(tools, runs, context) {
  const samples = new Map(tools.map((tool) => [tool.name, []]));
  for (let round = 1; round <= runs; round++) {
    for (const tool of tools) {
      process.stderr.write(`round ${round}/${runs}: ${tool.name}\n`);
      samples.get(tool.name).push(await runOnce(tool, context));
    }
  }
  return [...samples].map(([name, list]) => {
    const walls = list.map((run) => run.wallMs);
    return {
      name,
      files: list[0].files,
      findings: list[0].findings,
      wallMs: Math.round(median(walls)),
      fastestMs: Math.round(Math.min(...walls)),
      slowestMs: Math.round(Math.max(...walls)),
      cpuMs: Math.round(median(list.map((run) => run.cpuMs))),
      peakBytes: median(list.map((run) => run.peakBytes)),
    };
  });
}

function peerTools(bench, files) {
  return [
    bench.check("cold"),
    bench.check("warm"),
    bench.parsing(files),
    bench.oxlint(),
    bench.eslint("ESLint, one exit rule"),
  ];
}

function peerVerdicts([cold, warm, parsing, oxlint, eslint]) {
  const ratio = (a, b) => a.wallMs / b.wallMs;
  const eslintOverCheck = ratio(eslint, cold);
  const checkOverOxlint = ratio(cold, oxlint);
  return [
    verdict("ESLint / check cold", eslintOverCheck, "at least", bars.eslintOverCheck, "x"),
    verdict("check cold / oxlint", checkOverOxlint, "at most", bars.checkOverOxlint, "x"),
    verdict("check cold, peak memory", cold.peakBytes / 1e6, "below", bars.peakBytes / 1e6, " MB"),
    { name: "ESLint / check warm", value: ratio(eslint, warm), unit: "x" },
    { name: "check cold / parsing everything", value: ratio(cold, parsing), unit: "x" },
  ];
}

function addedTools(bench, baseline) {
  const recommended = baseline === "recommended";
  return [
    bench.eslint(`ESLint, ${baseline}`, { recommended }),
    bench.eslint(`ESLint, ${baseline}, with the plugin, cold`, { recommended, plugin: "cold" }),
    bench.eslint(`ESLint, ${baseline}, with the plugin, warm`, { recommended, plugin: "warm" }),
  ];
}

function addedVerdicts([without, cold, warm]) {
  const added = (run, measure) => ((run[measure] - without[measure]) / without[measure]) * 100;
  return [
    verdict("the plugin adds, cold", added(cold, "wallMs"), "below", bars.added * 100, " %"),
    verdict("the plugin adds, warm", added(warm, "wallMs"), "below", bars.added * 100, " %"),
    { name: "of CPU time, cold (less noisy)", value: added(cold, "cpuMs"), unit: " %" },
    { name: "of CPU time, warm (less noisy)", value: added(warm, "cpuMs"), unit: " %" },
  ];
}

function verdict(name, value, relation, bar, unit) {
  const met = relation === "at least" ? value >= bar : relation === "at most" ? value <= bar : value < bar;
  return { name, value, unit, relation, bar, met };
}

function table(rows, verdicts) {
  const lines = [["", "files", "findings", "wall s", "(fastest - slowest)", "CPU s", "peak MB"]];
  const seconds = (ms) => (ms / 1000).toFixed(2);
  for (const row of rows) {
    const range = `${seconds(row.fastestMs)} - ${seconds(row.slowestMs)}`;
    const megabytes = (row.peakBytes / 1e6).toFixed(0);
    lines.push([
      row.name,
      row.files,
      row.findings ?? "",
      seconds(row.wallMs),
      range,
      seconds(row.cpuMs),
      megabytes,
    ]);
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => String(line[column]).length)));
  const align = (cell, column) =>
    column === 0 ? String(cell).padEnd(widths[column]) : String(cell).padStart(widths[column]);
  const body = lines.map((line) => line.map(align).join("  ").trimEnd());
  const judged = verdicts.map(({ name, value, unit, relation, bar, met }) => {
    const wanted = relation === undefined ? "" : `   (${relation} ${bar}${unit}: ${met ? "met" : "missed"})`;
    return `${name.padEnd(34)} ${value.toFixed(1)}${unit}${wanted}`;
  });
  return [...body, "", ...judged].join("\n");
}

async function main() {
  const options = readArguments();
  const work = mkdtempSync(path.join(tmpdir(), "telemetry-fix-bench-"));
  const emptyFolder = (folder) => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  };
  try {
    const scratch = path.join(work, "scratch");
    const tree = path.join(work, "tree");
    mkdirSync(scratch);
    const files = stage(options.tree, tree);
    process.stderr.write(`${files.length} source files staged\n`);
    const bench = new Bench({ ...options, plugin: path.resolve(options.plugin), tree, scratch, emptyFolder });
    bench.forget();
    const tools = options.added ? addedTools(bench, options.baseline) : peerTools(bench, files);
    const results = await measureAll(tools, options.runs, { cwd: tree, scratch });
    const verdicts = options.added ? addedVerdicts(results) : peerVerdicts(results);
    const machine = {
      node: process.version,
      cpu: cpus()[0]?.model,
      cores: cpus().length,
      platform: process.platform,
    };
    const report = { tree: path.basename(options.tree), sources: files.length, runs: options.runs, machine };
    console.log(
      options.json ? JSON.stringify({ ...report, results, verdicts }, null, 2) : table(results, verdicts),
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  console.error(`bench: ${error.message}`);
  process.exitCode = 2;
}
