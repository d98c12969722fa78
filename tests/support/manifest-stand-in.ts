import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import type { Collector } from "./late-collector.js";

/**
 * Starts and stops what a compose file or a pod describes in the order that Docker Compose and the kubelet keep, with processes and
 * listeners of this machine in place of containers.
 */
export interface Machine {
  root: string;
  port: number;
  /** Begins to listen; the collector's container. */
  listen(port: number): Collector;
  /** How long after the program the collector's container begins to listen. */
  slowMillis: number;
  /** How long the program is left alone before all is stopped. */
  liveMillis: number;
}

/** What came of it: all that was sent to the collector, and what the program wrote. */
export interface Outcome {
  text: string;
  output: string;
}

interface ComposeService {
  environment?: Record<string, string>;
  depends_on?: string[] | Record<string, { condition: string }>;
  healthcheck?: { test: string[]; interval: string };
}

/** `docker compose up`: every service once those that it waits for have started, or are healthy. */
export async function composeUp(machine: Machine): Promise<Outcome> {
  const { root, port, listen, liveMillis } = machine;
  const text = readFileSync(path.join(root, "compose.yaml"), "utf8");
  const { services } = parse(text) as { services: Record<string, ComposeService> };
  let collector: Collector | undefined;
  let program: Program | undefined;
  const started = new Map<string, Promise<boolean>>();
  const healthy = async (name: string): Promise<boolean> => {
    const { healthcheck } = services[name] ?? {};
    if (!(await start(name)) || !healthcheck) return false;
    await program?.isUp;
    await sleep(Number.parseInt(healthcheck.interval, 10) * 1000);
    const [, command = "", ...words] = healthcheck.test;
    // the database is healthy when it was asked; an image without programs has an empty path
    return name !== "collector" || spawnSync(command, words, { env: { PATH: root } }).status === 0;
  };
  const start = (name: string): Promise<boolean> => {
    let known = started.get(name);
    if (!known) started.set(name, (known = begin(name)));
    return known;
  };
  const begin = async (name: string): Promise<boolean> => {
    const { depends_on = [], environment } = services[name] ?? {};
    const waits = Array.isArray(depends_on)
      ? depends_on.map((other) => start(other))
      : Object.entries(depends_on).map(([other, { condition }]) =>
          condition === "service_healthy" ? healthy(other) : start(other),
        );
    if ((await Promise.all(waits)).includes(false)) return false;
    if (name === "collector") collector = listen(port);
    if (name === "orders") program = startProgram(root, environment ?? {}, port);
    return true;
  };
  await Promise.all(Object.keys(services).map(start));
  await program?.isUp;
  await sleep(liveMillis);
  await program?.stop();
  collector?.close();
  return { text: collector?.texts.join("\n") ?? "", output: program?.output() ?? "" };
}

interface Container {
  name: string;
  restartPolicy?: string;
  startupProbe?: { tcpSocket: { port: number } };
  lifecycle?: { preStop: { sleep: { seconds: number } } };
}

/** One pod from its start to its end: init containers first, the others together; at the end those first that are no sidecars. */
export async function runPod(machine: Machine): Promise<Outcome> {
  const { root, port, listen, slowMillis, liveMillis } = machine;
  const text = readFileSync(path.join(root, "orders.yaml"), "utf8");
  const { spec } = (parse(text) as { spec: { template: { spec: PodSpec } } }).spec.template;
  let collector: Collector | undefined;
  let program: Program | undefined;
  const start = async ({ name }: Container): Promise<void> => {
    if (name === "orders") program = startProgram(root, {}, port);
    else {
      // to begin takes a program on a busy machine as long as an image takes to be pulled
      await program?.isUp;
      await sleep(slowMillis);
      collector = listen(port);
    }
  };
  const stop = async ({ name, lifecycle }: Container): Promise<void> => {
    await sleep((lifecycle?.preStop.sleep.seconds ?? 0) * 1000);
    if (name === "orders") await program?.stop();
    else collector?.close();
  };
  for (const init of spec.initContainers ?? []) {
    const begun = start(init);
    if (init.startupProbe) while (!(await listens(port))) await sleep(100);
    await begun;
  }
  await Promise.all(spec.containers.map(start));
  await program?.isUp;
  await sleep(liveMillis);
  await Promise.all(spec.containers.map(stop));
  for (const init of spec.initContainers ?? []) await stop(init);
  return { text: collector?.texts.join("\n") ?? "", output: program?.output() ?? "" };
}

interface PodSpec {
  initContainers?: Container[];
  containers: Container[];
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => {
      resolve(false);
    });
  });

interface Program {
  /** It has begun to record spans. */
  isUp: Promise<unknown>;
  output(): string;
  stop(): Promise<void>;
}

/** The program's container; its collector is reached on this machine, whatever it is called. */
function startProgram(root: string, given: Record<string, string>, port: number): Program {
  const url = `http://127.0.0.1:${String(port)}`;
  const env: NodeJS.ProcessEnv = { ...process.env, COLLECTOR_URL: `${url}/v1/traces` };
  for (const [name, value] of Object.entries(given))
    env[name] = value.replace(/^http:\/\/collector:\d+/, url);
  const child = spawn(process.execPath, ["server.js"], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  const isUp = once(child.stdout, "data");
  child.stdout.on("data", (part: Buffer) => (output += part.toString()));
  const exited = once(child, "exit");
  return {
    isUp,
    output: () => output,
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
