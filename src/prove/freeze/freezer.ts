import type { ChildProcess } from "node:child_process";
import { signalGroup } from "../processTree.js";
import { startHttpRequest } from "../load/http.js";
import { startRuntimeApi } from "./runtimeApi.js";

/**
 * Freezes a program whenever it has answered, as platforms do that run functions: the answer is there, and from then on nothing of
 * the program runs until the next invocation, if there ever is one.
 */
export interface Freezer {
  /** The variables by which a function of Lambda finds its events. */
  env: Record<string, string>;
  /** From now on `child` is what is frozen. */
  attach(child: ChildProcess): void;
  /** The program is a server at this port; invocations are requests. */
  serve(port: number): void;
  /** Every invocation was answered, and the program is frozen for good. */
  readonly frozen: boolean;
  /** What was answered otherwise than well, as sentences. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/** How long a program stays frozen before its next invocation, or before it is given up: what it had sent arrives meanwhile. */
const frozenMillis = 200;

/**
 * @param invocations the events, one after another; for a server, the paths that are asked for
 * @param finished called when the program is frozen for the last time, `frozenMillis` after its answer
 * @throws when no port can be had
 */
export async function startFreezer(invocations: readonly unknown[], finished: () => void): Promise<Freezer> {
  const left = [...invocations];
  const faults: string[] = [];
  let child: ChildProcess | undefined;
  let kind: "lambda" | "server" | undefined;
  let port = 0;
  let frozen = false;
  let timer: NodeJS.Timeout | undefined;

  const invoke = (): void => {
    const event = left.shift();
    if (kind === "lambda") return api.give(event);
    const path = typeof event === "string" ? event : "/";
    const { fault, drop } = startHttpRequest(port, path);
    void fault.then((what) => {
      if (what !== undefined) faults.push(`${path}: ${what}`);
      freeze();
      drop();
    });
  };
  const freeze = (): void => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    signalGroup(child, "SIGSTOP");
    const last = left.length === 0;
    timer = setTimeout(() => {
      frozen = last;
      if (last || !child) return finished();
      signalGroup(child, "SIGCONT");
      invoke();
    }, frozenMillis);
  };
  const begin = (as: "lambda" | "server"): void => {
    if (kind !== undefined) return;
    kind = as;
    invoke();
  };

  const api = await startRuntimeApi({ asked: () => begin("lambda"), answered: freeze });
  return {
    env: { AWS_LAMBDA_RUNTIME_API: api.address },
    attach: (started) => void (child = started),
    serve(at) {
      port = at;
      begin("server");
    },
    get frozen() {
      return frozen;
    },
    faults,
    async close() {
      clearTimeout(timer);
      await api.close();
    },
  };
}
