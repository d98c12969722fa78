import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import type { Item, Protocol, ReceiverName, Request } from "./protocol.js";

/**
 * How the collector behaves. `accept` answers at once; `refuse` has nothing listening; `silent` accepts the connection and never
 * answers; `lateMillis` refuses until so long after the start, or after the signal of the run, then accepts; `slowMillis` answers
 * so long after it was asked, and counts nothing whose sender has gone by then.
 */
export type CollectorMode =
  "accept" | "refuse" | "silent" | { lateMillis: number; from?: "start" | "signal" } | { slowMillis: number };

/** Whether what is sent can arrive at all. */
export function canReceive(mode: CollectorMode): boolean {
  return mode !== "refuse" && mode !== "silent";
}

/** An item and the protocol it came by. */
export interface Arrival extends Item {
  receiver: ReceiverName;
}

/** A collector on the loopback interface, at a port of its own. */
export interface Collector {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  url: string;
  /** What arrived so far, in order. */
  arrivals: readonly Arrival[];
  /** Requests that were not understood, as sentences for a reader. */
  oddities: readonly string[];
  /** Tells the collector that the signal of the run was sent. */
  signalled(): void;
  /** Settles when no request is under way any more, after at most `millis`. */
  settle(millis: number): Promise<void>;
  close(): Promise<void>;
}

const loopback = "127.0.0.1";

/** No telemetry request of a proof comes near this; whatever is larger is not counted. */
const maxBodyBytes = 64 * 1024 * 1024;

const decoders: Record<string, (body: Buffer) => Promise<Buffer>> = {
  gzip: (body) => promisify(gunzip)(body, { maxOutputLength: maxBodyBytes }),
  deflate: (body) => promisify(inflate)(body, { maxOutputLength: maxBodyBytes }),
  br: (body) => promisify(brotliDecompress)(body, { maxOutputLength: maxBodyBytes }),
};

async function read(message: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new Error(`body over ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  const raw = Buffer.concat(chunks);
  const decode = decoders[String(message.headers["content-encoding"] ?? "").toLowerCase()];
  return {
    method: message.method ?? "GET",
    path: (message.url ?? "/").split("?", 1)[0] ?? "/",
    contentType: message.headers["content-type"] ?? "",
    body: decode ? await decode(raw) : raw,
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, loopback, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/**
 * Starts a collector that speaks `protocols`.
 * @throws when no port of the loopback interface can be had
 */
export async function startCollector(
  protocols: readonly Protocol[],
  mode: CollectorMode,
): Promise<Collector> {
  const arrivals: Arrival[] = [];
  const oddities: string[] = [];
  let underWay = 0;
  const slowMillis = typeof mode === "object" && "slowMillis" in mode ? mode.slowMillis : 0;
  const late = typeof mode === "object" && "lateMillis" in mode ? mode : undefined;

  const receive = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await read(message);
    const protocol = protocols.find((candidate) => candidate.owns(request));
    if (!protocol) {
      oddities.push(`${request.method} ${request.path} belongs to no receiver of this run`);
      response.writeHead(404).end();
      return;
    }
    const items = protocol.decode(request);
    if (slowMillis > 0) await new Promise((resolve) => setTimeout(resolve, slowMillis));
    if (slowMillis > 0 && response.destroyed) return;
    arrivals.push(...items.map((item) => ({ ...item, receiver: protocol.name })));
    const answer = protocol.answer(request, items);
    response.writeHead(answer.status, { "content-type": answer.contentType }).end(answer.body);
  };

  const server = createServer((message, response) => {
    underWay += 1;
    receive(message, response)
      .catch((error: unknown) => {
        // A sender that is killed in mid-request delivered nothing; that is what a proof is there to see.
        if (message.destroyed && !message.complete) return;
        const reason = error instanceof Error ? error.message : String(error);
        oddities.push(`${message.method} ${message.url} could not be read: ${reason}`);
        response.writeHead(400).end();
      })
      .finally(() => {
        underWay -= 1;
      });
  });
  const silenced = new Set<Socket>();
  if (mode === "silent") {
    server.on("connection", (socket: Socket) => {
      // Unread and unanswered; an error is the sender giving up.
      socket.pause().on("error", () => socket.destroy());
      silenced.add(socket);
    });
    server.removeAllListeners("request");
  }

  const port = await listen(server, 0);
  let opening: NodeJS.Timeout | undefined;
  let opened: Promise<unknown> = Promise.resolve();
  const openLate = (): void => {
    opening = setTimeout(() => {
      opened = listen(server, port).catch((error: unknown) => {
        oddities.push(`the late collector could not start: ${String(error)}`);
      });
    }, late?.lateMillis);
  };
  if (mode === "refuse" || late) await close(server);
  if (late && late.from !== "signal") openLate();

  return {
    url: `http://${loopback}:${port}`,
    arrivals,
    oddities,
    signalled() {
      if (late?.from === "signal") openLate();
    },
    async settle(millis) {
      const end = performance.now() + millis;
      // A request can still be in the kernel's buffers when its sender is gone: look again a little later.
      for (let quiet = 0; quiet < 3 && performance.now() < end; quiet = underWay === 0 ? quiet + 1 : 0) {
        await new Promise((resolve) => setTimeout(resolve, 15));
      }
    },
    async close() {
      clearTimeout(opening);
      await opened;
      for (const socket of silenced) socket.destroy();
      if (server.listening) await close(server);
    },
  };
}
