#!/usr/bin/env node
// Runs `check` over every repository in a folder and collects what it reports into one file for reading by hand.
//
//   node bench/field.mjs FOLDER [--out findings.md] [--json findings.json] [--only NAME,NAME] [--strict]
//                        [--cli "node dist/src/cli/bin.js"] [--timeout 120]
//
// FOLDER holds one checked-out repository per subfolder. Each is checked in its own process; time, peak memory, crashes
// and hangs are counted per repository. Markdown goes to stdout unless --out names a file; progress goes to stderr.
// Exit status 1 when a run crashed or hung, 2 when nothing could be run.
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { defaultCli } from "./defaults.mjs";
import { markdown } from "./field-report.mjs";
import { measure, nodeArguments } from "./measure.mjs";

const linesAround = 5;

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: "string" },
      json: { type: "string" },
      only: { type: "string" },
      strict: { type: "boolean", default: false },
      cli: { type: "string", default: defaultCli },
      timeout: { type: "string", default: "120" },
    },
  });
  const [folder] = positionals;
  if (folder === undefined || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error("name the folder with the repositories: node bench/field.mjs FOLDER");
  }
  const timeoutMs = Number(values.timeout) * 1000;
  if (!(timeoutMs > 0)) throw new Error(`--timeout is a number of seconds: ${values.timeout}`);
  const wanted = values.only?.split(",");
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.isDirectory() && !item.name.startsWith("."))
    .map((item) => item.name)
    .filter((name) => wanted === undefined || wanted.includes(name))
    .sort();
  if (names.length === 0) throw new Error(`no repository to check in ${folder}`);
  return { ...values, timeoutMs, names, folder: realpathSync(folder), cli: nodeArguments(values.cli) };
}

/** Lines of a file of the repository, or undefined; links that lead out of it are not followed. */
function linesOf(root, file) {
  try {
    const target = realpathSync(path.resolve(root, file));
    if (!target.startsWith(root + path.sep)) return undefined;
    return readFileSync(target, "utf8").split(/\r\n|[\n\r\u2028\u2029]/);
  } catch {
    return undefined;
  }
}

function withContext(root, finding) {
  const lines = linesOf(root, finding.file) ?? [];
  const first = Math.max(1, finding.line - linesAround);
  const last = Math.min(lines.length, (finding.endLine ?? finding.line) + linesAround);
  const context = lines
    .slice(first - 1, last)
    .map((text, i) => ({ line: first + i, text: text.slice(0, 300) }));
  const why = finding.why.map((step) => ({
    ...step,
    text: linesOf(root, step.file)?.[step.line - 1]?.trim().slice(0, 200) ?? "",
  }));
  return { ...finding, why, context };
}

/** What became of one repository: `ok`, `trouble` (a result, but also exit 2), `crash` (of a rule or of the run) or `hang`. */
async function checkRepository(name, options, scratch) {
  const root = path.join(options.folder, name);
  const args = [...options.cli, "check", "--format", "json", ...(options.strict ? ["--strict"] : []), "."];
  const run = await measure(args, { cwd: root, scratch, timeoutMs: options.timeoutMs });
  const row = {
    name,
    wallMs: Math.round(run.wallMs),
    peakBytes: run.peakBytes,
    status: run.status ?? run.signal,
    files: 0,
    programs: 0,
    findings: [],
    problems: [],
    said: "",
  };
  if (run.timedOut) return { ...row, outcome: "hang" };
  const said = run.stderr.trim().split("\n").slice(-20).join("\n");
  try {
    const { findings, problems = [], summary } = JSON.parse(run.stdout);
    const crashed = problems.some((problem) => problem.kind === "crash");
    const outcome = crashed ? "crash" : run.status === 0 || run.status === 1 ? "ok" : "trouble";
    return {
      ...row,
      outcome,
      files: summary.files,
      programs: summary.programs,
      findings: findings.map((finding) => withContext(root, finding)),
      problems,
      said: outcome === "ok" ? "" : said,
    };
  } catch {
    return { ...row, outcome: "crash", said: said || run.stdout.slice(-1000) };
  }
}

async function main() {
  const options = readArguments();
  const scratch = mkdtempSync(path.join(tmpdir(), "telemetry-fix-field-"));
  const rows = [];
  try {
    for (const name of options.names) {
      const row = await checkRepository(name, options, scratch);
      rows.push(row);
      const seconds = (row.wallMs / 1000).toFixed(1);
      process.stderr.write(
        `${row.outcome.padEnd(8)} ${seconds.padStart(6)} s  ${row.findings.length} findings  ${name}\n`,
      );
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  if (options.json) writeFileSync(options.json, JSON.stringify(rows, null, 1));
  if (options.out) writeFileSync(options.out, markdown(rows));
  else process.stdout.write(markdown(rows));
  if (rows.some((row) => row.outcome === "crash" || row.outcome === "hang")) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(`field: ${error.message}`);
  process.exitCode = 2;
}
