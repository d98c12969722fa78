/**
 * Event emitters: what an async listener returns is dropped, unless the emitter was made with `captureRejections`.
 *
 * Documentation of `events`, run with Node.js 20. Run as well: ws 8.23.0 and socket.io 4.8.4, whose servers and sockets are
 * emitters without `captureRejections`; discord.js 14.28.1 sets it (read), so it is left out. A request listener of `http` is one too.
 */
import type { RunnerFacts, RunnerHook } from "../schema.js";

const emitter = { kind: "emitter", failure: "rejects", hooks: [] as RunnerHook[] } as const;

const listeners: RunnerFacts["handlers"] = ["on", "once", "addListener", "prependListener"].map((method) => ({
  method,
  arguments: [1],
}));

export const emitters: RunnerFacts[] = [
  {
    ...emitter,
    name: "event emitter",
    modules: ["events", "node:events"],
    make: "EventEmitter",
    construct: true,
    handlers: listeners,
  },
  {
    ...emitter,
    name: "event emitter",
    modules: ["events", "node:events", "eventemitter3", "eventemitter2"],
    make: "default",
    construct: true,
    handlers: listeners,
  },
  {
    ...emitter,
    name: "http server",
    modules: ["http", "node:http", "https", "node:https"],
    make: "createServer",
    construct: false,
    handlers: [{ arguments: "rest" }, ...listeners],
  },
  {
    ...emitter,
    name: "WebSocket server",
    modules: ["ws"],
    make: "WebSocketServer",
    construct: true,
    handlers: listeners,
  },
  {
    ...emitter,
    name: "WebSocket server",
    modules: ["ws"],
    make: "default.Server",
    construct: true,
    handlers: listeners,
  },
  {
    ...emitter,
    name: "WebSocket",
    modules: ["ws"],
    make: "default",
    construct: true,
    handlers: listeners,
  },
  {
    ...emitter,
    name: "Socket.IO server",
    modules: ["socket.io"],
    make: "Server",
    construct: true,
    handlers: listeners,
  },
];
