// Shows the whole job on a copy of examples/lossy-service: the loss, the finding, the diff, the repair, and the proof.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const home = fileURLToPath(new URL("..", import.meta.url));
const bin = join(home, "dist", "src", "cli", "bin.js");
const copy = mkdtempSync(join(tmpdir(), "lossy-service-"));

/** Runs telemetry-fix in the copy, its output shown, and gives its exit code. */
function telemetryFix(title, ...args) {
  console.log(`\n# ${title}\n$ telemetry-fix ${args.join(" ")}\n`);
  return spawnSync(process.execPath, [bin, ...args], {
    cwd: copy,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, NO_COLOR: "1" },
  }).status;
}

const proof = ["prove", "--scenario", "sigterm", "--expect", "spans=3", "--", "node", "src/server.js"];
const steps = [
  ["A service handles three requests and is told to stop", 1, proof],
  ["Where, and why?", 1, ["check"]],
  ["What would the repair change?", 1, ["--unsafe"]],
  ["Apply it (to a copy, so nothing needs git's protection)", 0, ["--write", "--unsafe", "--allow-dirty"]],
  ["The same requests, the same signal", 0, proof],
  ["And nothing is left to report", 0, ["check"]],
];

try {
  cpSync(join(home, "examples", "lossy-service"), copy, { recursive: true });
  symlinkSync(join(home, "node_modules"), join(copy, "node_modules"), "junction");
  const surprises = steps.filter(([title, expected, args]) => telemetryFix(title, ...args) !== expected);
  for (const [title] of surprises) console.error(`\nThis step did not end as it should: ${title}`);
  process.exitCode = surprises.length > 0 ? 1 : 0;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
