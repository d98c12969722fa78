// Installs mixes of versions from the registry, runs a small program with each against a local receiver, and prints what arrived.
// Not a part of the tests: it needs the network and some minutes.
//
//   node bench/version-matrix.mjs [FOLDER] [--only TEXT]
//
// FOLDER keeps what was installed for the next run; by default a new temporary folder.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs, promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { mixes } from "./version-mixes.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string", default: "" } },
});
const home = path.resolve(positionals[0] ?? mkdtempSync(path.join(tmpdir(), "telemetry-fix-matrix-")));
const run = promisify(execFile);

/** @returns {Promise<string>} the folder of a mix, installed */
async function install({ name, dependencies }) {
  const folder = path.join(home, name.replaceAll(/[^\w.]+/g, "-"));
  // npm writes this file when everything is there
  if (existsSync(path.join(folder, "node_modules/.package-lock.json"))) return folder;
  mkdirSync(folder, { recursive: true });
  const manifest = { name: "mix", private: true, type: "module", dependencies };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  // peers that do not fit are what is measured
  const options = ["--legacy-peer-deps", "--no-audit", "--no-fund", "--ignore-scripts"];
  await run("npm", ["install", ...options], { cwd: folder, timeout: 300_000 });
  return folder;
}

/** Runs a program and hands back what the receiver got and what the program said. */
async function measure({ program }, folder) {
  let received = "";
  const receiver = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts);
      received += (body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body).toString("latin1");
      response.setHeader("content-type", "application/json").end("{}");
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const address = `http://127.0.0.1:${String(receiver.address().port)}`;
  writeFileSync(path.join(folder, "main.js"), program);
  const child = spawn(process.execPath, ["main.js"], {
    cwd: folder,
    env: {
      ...process.env,
      RECEIVER: address,
      SENTRY_DSN: `${address.replace("http://", "http://key@")}/1`,
      DD_TRACE_AGENT_URL: address,
      DD_INSTRUMENTATION_TELEMETRY_ENABLED: "false",
      OTEL_EXPORTER_OTLP_ENDPOINT: address,
      OTEL_TRACES_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (part) => (said += String(part)));
  const limit = setTimeout(() => child.kill("SIGKILL"), 20_000);
  await once(child, "close");
  clearTimeout(limit);
  receiver.close();
  return { received, said: said.split("\n").find((line) => /Error|error/.test(line)) ?? "" };
}

let wrong = 0;
for (const mix of mixes.filter(({ name }) => name.includes(values.only))) {
  const { received, said } = await measure(mix, await install(mix));
  const arrived = received.includes(mix.marker);
  if (arrived !== mix.works) wrong++;
  const verdict = arrived === mix.works ? "" : "NOT AS THE TABLE SAYS ";
  console.log(`${verdict}${arrived ? "arrives" : "lost   "} ${mix.name} ${said.trim().slice(0, 120)}`);
}
console.log(`${String(wrong)} not as the table says; installed in ${home}`);
process.exitCode = wrong > 0 ? 1 : 0;
