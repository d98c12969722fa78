// Runs one Node program to its end and measures it.
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { performance } from "node:perf_hooks";

const recorder = new URL("record-usage.mjs", import.meta.url).href;

/**
 * @typedef {object} Run
 * @property {number} wallMs from spawn to exit
 * @property {number | undefined} cpuMs user and system time; undefined when the process was killed
 * @property {number | undefined} peakBytes peak resident memory of the process, its threads included
 * @property {number | null} status exit code, null when killed
 * @property {string | null} signal
 * @property {boolean} timedOut
 * @property {string} stdout
 * @property {string} stderr
 */

/**
 * Runs `node ...args` and measures it. Never rejects for what the program does, only when it cannot be started.
 * @param {string[]} args script and its arguments
 * @param {{ cwd: string, scratch: string, env?: Record<string, string>, timeoutMs?: number }} options
 *   `scratch` is a folder for the measuring file
 * @returns {Promise<Run>}
 */
export function measure(args, { cwd, scratch, env = {}, timeoutMs = 600_000 }) {
  const usageFile = path.join(scratch, `usage-${process.pid}.json`);
  rmSync(usageFile, { force: true });
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, ["--import", recorder, ...args], {
      cwd,
      env: { ...process.env, ...env, BENCH_USAGE: usageFile },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, timeoutMs);
    const stdout = [];
    const stderr = [];
    child.stdout.on("data", (chunk) => stdout.push(chunk));
    child.stderr.on("data", (chunk) => stderr.push(chunk));
    child.on("error", reject);
    child.on("close", (status, signal) => {
      clearTimeout(limit);
      const wallMs = performance.now() - started;
      resolve({
        wallMs,
        ...usageIn(usageFile),
        status,
        signal,
        timedOut,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
  });
}

function usageIn(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { cpuMs: undefined, peakBytes: undefined };
  }
}

/**
 * @param {number[]} values at least one
 * @returns {number} the median
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The script and arguments of a command line that starts with `node`; a script found from here is made absolute.
 * @param {string} command for example `node dist/src/cli/bin.js`
 * @returns {string[]}
 * @throws {Error} when the command does not start with `node`
 */
export function nodeArguments(command) {
  const [program, script, ...rest] = command.trim().split(/\s+/);
  if (program !== "node" || script === undefined)
    throw new Error(`not of the form "node SCRIPT": ${command}`);
  return [path.resolve(script), ...rest];
}
