import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyEdits } from "../src/cli/apply/edits.js";
import { Workspace } from "../src/workspace.js";

const home = path.resolve(import.meta.dirname, "..");
const shell = path.basename(realpathSync("/bin/sh"));

const server = `import { trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { createServer } from "node:http";

const sdk = new NodeSDK({ serviceName: "orders" });
sdk.start();
trace.getTracer("orders").startSpan("first").end();

createServer((request, response) => response.end("ok")).listen(0, () => console.log("up"));
process.once("SIGTERM", () => {
  sdk
    .shutdown()
    .catch(console.error)
    .finally(() => process.exit(0));
});
`;

let collector: Server;
let received = 0;

beforeAll(async () => {
  collector = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      if (request.url === "/v1/traces") received++;
      response.setHeader("content-type", "application/json").end("{}");
    });
  });
  collector.listen(0, "127.0.0.1");
  await once(collector, "listening");
});
afterAll(() => {
  collector.close();
});

/** A repository with a container that runs a script or npm. */
function repository(files: Record<string, string>): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-delivery-")));
  const manifest = { name: "orders", private: true, type: "module", scripts: { start: "node server.mjs" } };
  for (const [name, text] of Object.entries({
    ...files,
    "server.mjs": server,
    "package.json": JSON.stringify(manifest),
  })) {
    writeFileSync(path.join(root, name), text);
    if (name.endsWith(".sh")) chmodSync(path.join(root, name), 0o755);
  }
  symlinkSync(path.join(home, "node_modules"), path.join(root, "node_modules"));
  return root;
}

/** The words of the exec form in the Dockerfile. */
function command(root: string): string[] {
  const text = /^CMD (\[.*\])$/m.exec(readFileSync(path.join(root, "Dockerfile"), "utf8"))?.[1];
  return JSON.parse(text ?? "[]") as string[];
}

/** Runs a program as the first process of a PID namespace, as a container does. */
const asFirst = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];
const hasNamespaces = spawnSync(asFirst[0] ?? "", [...asFirst.slice(1), "true"]).status === 0;

/** The first process of the namespace that `unshare` has made. */
function firstIn(pid: number): number {
  const file = `/proc/${String(pid)}/task/${String(pid)}/children`;
  return Number(readFileSync(file, "utf8").trim().split(" ")[0]);
}

/**
 * Runs what the container runs, ends its first process as a platform does, and counts what the collector got.
 * @param namespace as the first process of a PID namespace: what it does not hear, it outlives
 */
async function ended(root: string, signal: NodeJS.Signals = "SIGTERM", namespace = false): Promise<number> {
  const [program = "", ...args] = namespace ? [...asFirst, ...command(root)] : command(root);
  received = 0;
  const { port } = collector.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${String(port)}`;
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_METRICS_EXPORTER: "none" };
  const child = spawn(program, args, { cwd: root, env, detached: true, stdio: ["ignore", "pipe", "ignore"] });
  const exited = once(child, "exit");
  let out = "";
  while (!/^up$/m.test(out)) out += String((await once(child.stdout, "data"))[0]);
  const { pid } = child;
  if (pid !== undefined) process.kill(namespace ? firstIn(pid) : pid, signal);
  await Promise.race([exited, sleep(3_000)]);
  // with the first process the container ends, whatever else still runs in it
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // nothing is left of the group
  }
  await sleep(50);
  return received;
}

function repair(root: string): number {
  const workspace = Workspace.open({ root, cacheDir: false, rules: ["deliver-signals"] });
  const { findings } = workspace.analyse();
  for (const finding of findings) {
    const fix = workspace.repair(finding);
    for (const file of new Set(fix?.edits.map((edit) => edit.file)))
      writeFileSync(
        path.join(root, file),
        applyEdits(workspace.read(file) ?? "", fix?.edits.filter((edit) => edit.file === file) ?? []),
      );
  }
  return findings.length;
}

const image = "FROM node:22-slim\nWORKDIR /app\nCOPY . .\n";

describe("the signal reaches the program after the repair", () => {
  it("through a start script", async () => {
    const root = repository({
      Dockerfile: `${image}CMD ["./start.sh"]\n`,
      "start.sh": "#!/bin/sh\nset -e\nnode server.mjs\n",
    });
    expect(await ended(root)).toBe(0);
    expect(repair(root)).toBe(1);
    expect(await ended(root)).toBe(1);
    rmSync(root, { recursive: true });
  }, 60_000);

  // what npm does hangs on the shell that it finds
  it.runIf(shell === "dash")(
    "through npm, where /bin/sh is dash",
    async () => {
      const root = repository({ Dockerfile: `${image}CMD ["npm", "start"]\n` });
      expect(await ended(root)).toBe(0);
      expect(repair(root)).toBe(1);
      expect(await ended(root)).toBe(1);
      rmSync(root, { recursive: true });
    },
    60_000,
  );

  it.runIf(hasNamespaces)(
    "through a start script that is the first process of its namespace",
    async () => {
      const root = repository({
        Dockerfile: `${image}CMD ["./start.sh"]\n`,
        "start.sh": "#!/bin/sh\nset -e\ncd .\nnode server.mjs\n",
      });
      expect(await ended(root, "SIGTERM", true)).toBe(0);
      expect(repair(root)).toBe(1);
      expect(await ended(root, "SIGTERM", true)).toBe(1);
      rmSync(root, { recursive: true });
    },
    60_000,
  );

  it("on a platform that sends another signal", async () => {
    const root = repository({
      Dockerfile: `${image}CMD ["node", "server.mjs"]\n`,
      "fly.toml": 'app = "orders"\n',
    });
    const sent = (): NodeJS.Signals =>
      readFileSync(path.join(root, "fly.toml"), "utf8").includes('kill_signal = "SIGTERM"')
        ? "SIGTERM"
        : "SIGINT";
    expect(await ended(root, sent())).toBe(0);
    expect(repair(root)).toBe(1);
    expect(await ended(root, sent())).toBe(1);
    rmSync(root, { recursive: true });
  }, 60_000);
});
