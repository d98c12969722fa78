// What the original of a wrapped method is called with.
import { EventEmitter } from "node:events";
import { trace } from "@opentelemetry/api";
import { exported, start, tell } from "./spans.mjs";

start();
class Request extends EventEmitter {
  send(...args) {
    this.emit("complete");
    return args;
  }
}
(await import(`${process.cwd()}/src/cloud.js`)).default.instrument({ Request }, trace.getTracer("test"));
tell({ args: JSON.parse(JSON.stringify(new Request().send("a", 2))), spans: exported() });
process.disconnect();
