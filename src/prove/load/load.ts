import { startGrpcCall } from "./grpc.js";
import { startHttpRequest } from "./http.js";

/** Requests that a program is working on when its signal arrives, all at the same time, over connections that are kept alive. */
export interface Load {
  /** Default: `http`. */
  protocol?: "http" | "grpc";
  /** What is asked for, once each: `/orders/7`, or for gRPC `/package.Service/Method`. Each must be answered well. */
  paths: string[];
  /** Asked for as well, and begun with an answer that need not end, such as a stream of events. */
  endless?: string[];
}

/** A request under way. */
export interface Started {
  /** Undefined once the answer has arrived whole and well; else what came instead, as words for a reader. Never rejects. */
  fault: Promise<string | undefined>;
  /** Gives the request up and lets go of its connection. */
  drop(): void;
}

/** The requests of a load. */
export interface RunningLoad {
  /** How many requests there are. */
  count: number;
  /** Waits for the answers, for at most `millis`, lets go of all connections, and tells what was not answered well, as sentences. */
  finish(millis: number): Promise<string[]>;
}

const start = { http: startHttpRequest, grpc: startGrpcCall };

/** Sends every request of a load to a port of the loopback interface. */
export function startLoad({ protocol = "http", paths, endless = [] }: Load, port: number): RunningLoad {
  const asked = paths.map((path) => ({ path, ...start[protocol](port, path) }));
  const others = endless.map((path) => start[protocol](port, path));
  return {
    count: asked.length + others.length,
    async finish(millis) {
      const late = new AbortController();
      const limit = new Promise<string>((resolve) => {
        const timer = setTimeout(resolve, millis, "no answer");
        late.signal.addEventListener("abort", () => clearTimeout(timer));
      });
      const faults = await Promise.all(asked.map(({ fault }) => Promise.race([fault, limit])));
      late.abort();
      for (const { drop } of [...asked, ...others]) drop();
      return faults.flatMap((fault, i) => (fault === undefined ? [] : [`${asked[i]?.path}: ${fault}`]));
    },
  };
}
