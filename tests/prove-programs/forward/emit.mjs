// What a caller of a wrapped `emit` is told: whether anybody listens.
import { EventEmitter } from "node:events";
import { exported, start, tell } from "./spans.mjs";

start();
const { instrument } = (await import(`${process.cwd()}/src/instrument.js`)).default;
class Server extends EventEmitter {}
instrument({ Server });
const server = new Server();
server.on("upgrade", () => {});
tell({ heard: server.emit("upgrade") ?? null, other: server.emit("close"), spans: exported() });
process.disconnect();
