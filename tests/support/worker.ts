import { build } from "esbuild";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** A Worker that runs in the runtime of Cloudflare Workers, on a port of the loopback interface. */
export interface RunningWorker {
  url: string;
  stop(): Promise<void>;
}

/** The path of its program; the package has no types. */
const { default: workerd } = createRequire(import.meta.url)("workerd") as { default: string };

const config = (bindings: Readonly<Record<string, string>>): string => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .main), (name = "internet", network = (allow = ["private", "local"])) ],
  sockets = [ (name = "http", address = "127.0.0.1:0", http = (), service = "main") ],
);
const main :Workerd.Worker = (
  modules = [ (name = "worker.mjs", esModule = embed "worker.mjs") ],
  compatibilityDate = "2026-07-01",
  compatibilityFlags = ["nodejs_compat"],
  bindings = [ ${Object.entries(bindings)
    .map(([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`)
    .join(", ")} ],
);
`;

/**
 * Bundles a Worker and starts it.
 * @throws when it cannot be bundled, or the runtime does not come up
 */
export async function startWorker(
  file: string,
  bindings: Readonly<Record<string, string>>,
): Promise<RunningWorker> {
  const directory = mkdtempSync(join(tmpdir(), "telemetry-fix-worker-"));
  await build({
    entryPoints: [file],
    outfile: join(directory, "worker.mjs"),
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker"],
    external: ["node:*", "cloudflare:*", ...builtinModules],
    logLevel: "silent",
  });
  writeFileSync(join(directory, "config.capnp"), config(bindings));
  const child = spawn(workerd, ["serve", join(directory, "config.capnp"), "--control-fd=3"], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (errors += chunk));
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
    rmSync(directory, { recursive: true, force: true });
  };
  let told = "";
  for await (const chunk of child.stdio[3] as Readable) {
    told += String(chunk);
    const port = /"port":(\d+)/.exec(told)?.[1];
    if (port !== undefined) return { url: `http://127.0.0.1:${port}`, stop };
  }
  await stop();
  throw new Error(`workerd did not start: ${errors}`);
}
