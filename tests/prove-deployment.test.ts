import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { applyEdits } from "../src/cli/apply/edits.js";
import { Workspace } from "../src/workspace.js";

const home = path.resolve(import.meta.dirname, "..");

/** Whether the machine lets a test have process numbers of its own: then the program is the first process, as in a container. */
const namespaces =
  spawnSync("unshare", ["--user", "--map-root-user", "--pid", "--fork", "--kill-child", "true"]).status === 0;

/** Lets a request end that takes two seconds, for at most four, and flushes then. */
const server = `import { trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { createServer } from "node:http";

const sdk = new NodeSDK({ serviceName: "orders" });
sdk.start();

const server = createServer((request, response) => {
  const span = trace.getTracer("orders").startSpan("slow");
  setTimeout(() => {
    span.end();
    response.end("packed");
  }, 2000);
});
server.listen(0, () => console.log("port " + server.address().port + " pid " + process.pid));

process.once("SIGTERM", () => {
  setTimeout(() => process.exit(1), 4000).unref();
  server.close(async () => {
    await sdk.shutdown().catch(console.error);
    process.exit(0);
  });
});
`;

let collector: Server;
let received = 0;

beforeAll(async () => {
  collector = createServer((incoming, response) => {
    incoming.resume();
    incoming.on("end", () => {
      if (incoming.url === "/v1/traces") received++;
      response.setHeader("content-type", "application/json").end("{}");
    });
  });
  collector.listen(0, "127.0.0.1");
  await once(collector, "listening");
});
afterAll(() => {
  collector.close();
});

function repository(manifest: string, text: string): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-deployment-")));
  const files = {
    [manifest]: text,
    "server.mjs": server,
    Dockerfile: 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.mjs"]\n',
    "package.json": JSON.stringify({ name: "orders", private: true, type: "module" }),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(root, name), content);
  symlinkSync(path.join(home, "node_modules"), path.join(root, "node_modules"));
  return root;
}

/** Runs the program as the platform does: SIGTERM, then SIGKILL to all of the container after the grace period. */
async function stopped(root: string, graceMillis: number): Promise<number> {
  received = 0;
  const { port } = collector.address() as AddressInfo;
  const env = {
    ...process.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${String(port)}`,
    OTEL_METRICS_EXPORTER: "none",
  };
  const own = namespaces ? ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child"] : [];
  const [program = "", ...args] = [...own, process.execPath, "server.mjs"];
  const child = spawn(program, args, { cwd: root, env, detached: true, stdio: ["ignore", "pipe", "ignore"] });
  const exited = once(child, "exit");
  let out = "";
  while (!out.includes("pid ")) out += String((await once(child.stdout, "data"))[0]);
  const [, at = "", pid = ""] = /port (\d+) pid (\d+)/.exec(out) ?? [];
  if (namespaces) expect(pid).toBe("1");
  const call = request({ port: Number(at), host: "127.0.0.1", agent: false });
  call.on("error", () => undefined);
  call.end();
  await sleep(300);
  // the first process of the namespace is the only child of unshare
  const first = namespaces
    ? Number(readFileSync(`/proc/${String(child.pid)}/task/${String(child.pid)}/children`, "utf8").trim())
    : (child.pid ?? 0);
  process.kill(first, "SIGTERM");
  const late = await Promise.race([exited.then(() => false), sleep(graceMillis, true)]);
  if (late) process.kill(first, "SIGKILL");
  await exited;
  await sleep(50);
  return received;
}

/** Applies the repairs of the manifest, and tells how many findings there were. */
function repair(root: string): number {
  const workspace = Workspace.open({ root, cacheDir: false, rules: ["deliver-signals"] });
  const { findings } = workspace.analyse();
  for (const finding of findings) {
    const edits = workspace.repair(finding)?.edits ?? [];
    for (const file of new Set(edits.map((edit) => edit.file)))
      writeFileSync(
        path.join(root, file),
        applyEdits(
          workspace.read(file) ?? "",
          edits.filter((edit) => edit.file === file),
        ),
      );
  }
  return findings.length;
}

const pod = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  template:
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: orders
          image: registry.example/orders:1
`;

const seconds = (root: string, file: string, at: string[]): number =>
  Number.parseInt(String(parseDocument(readFileSync(path.join(root, file), "utf8")).getIn(at)), 10);

describe(`the last requests are told of within the grace period${namespaces ? ", as the first process" : ""}`, () => {
  it.each([
    ["pod.yaml", pod, ["spec", "template", "spec", "terminationGracePeriodSeconds"]],
    [
      "compose.yaml",
      "services:\n  orders:\n    build: .\n    stop_grace_period: 1s\n",
      ["services", "orders", "stop_grace_period"],
    ],
  ])(
    "%s",
    async (file, text, at) => {
      const root = repository(file, text);
      expect(await stopped(root, seconds(root, file, at) * 1000)).toBe(0);
      expect(repair(root)).toBe(1);
      expect(seconds(root, file, at)).toBeGreaterThan(4);
      expect(await stopped(root, seconds(root, file, at) * 1000)).toBe(1);
      rmSync(root, { recursive: true });
    },
    60_000,
  );
});
