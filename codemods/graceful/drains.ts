import type { ProducerFacts } from "../../src/knowledge/schema.js";

/** How a wait for something to come to its end is written. */
export interface DrainText {
  /** An expression that does not reject. */
  awaited: string;
  /** A statement before it, without its semicolon. */
  first?: string;
}

/** Kinds whose work under way is worth a wait; the rest ends with the process. */
const WAITED_FOR = /^(server|consumer|bot|stdio)$/;

/** The wait for the producer of a name; undefined where nobody tells when it has ended. */
export function drainOf(facts: ProducerFacts, name: string): DrainText | undefined {
  const [best] = facts.drains;
  if (!best || !WAITED_FOR.test(facts.kind) || facts.name === "AMQP consumer") return undefined;
  // a WebSocket server waits for its clients, and those stay until they are told to go
  if (facts.name === "WebSocket server")
    return {
      awaited: `new Promise((resolve) => {\n  ${name}.clients.forEach((client) => client.close(1001));\n  ${name}.close(resolve);\n})`,
    };
  switch (best.style) {
    case "promise":
    case "promise-or-callback":
      return { awaited: `${name}.${best.method}().catch(console.error)`, ...shortLived(facts, name) };
    case "callback":
      return {
        awaited: `new Promise((resolve) => ${name}.${best.method}(resolve))`,
        ...shortLived(facts, name),
      };
    case "fire-and-forget":
    case "sync":
      return undefined;
  }
}

/** Servers whose connections are those of Node's HTTP server, and how that is reached. */
const HTTP: Record<string, string> = {
  "http server": "",
  "https server": "",
  "express server": "",
  "koa server": "",
  "connect server": "",
  "feathers server": "",
  "fastify server": ".server",
};

/** A connection that is kept alive would hold the server for seconds after its last response (run with Node 20). */
function shortLived({ name }: ProducerFacts, on: string): { first?: string } {
  const path = HTTP[name];
  return path === undefined ? {} : { first: `${on}${path}.keepAliveTimeout = 1` };
}

/** A name for a producer that has none. */
export function nameOfProducer({ name, kind }: ProducerFacts): string[] {
  if (name === "WebSocket server") return ["wss", "webSocketServer"];
  if (name === "Socket.IO server") return ["io", "ioServer"];
  if (kind === "consumer") return [/worker/i.test(name) ? "worker" : "consumer", "queueConsumer"];
  return kind === "bot" ? ["bot", "botClient"] : ["server", "httpServer"];
}
