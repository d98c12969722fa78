// A request inside of a span and one outside of it, against a server of this process.
import http from "node:http";
import { once } from "node:events";
import { trace } from "@opentelemetry/api";
import { exported, start, tell } from "./spans.mjs";

start();
(await import(`${process.cwd()}/src/http-client.js`)).default.instrument();
const server = http.createServer((_request, response) => response.end("ok")).listen(0, "127.0.0.1");
await once(server, "listening");

async function status() {
  const request = http.request({ port: server.address().port, host: "127.0.0.1" });
  request.end();
  const [response] = await once(request, "response");
  response.resume();
  await once(response, "end");
  return response.statusCode;
}

const traced = await trace
  .getTracer("test")
  .startActiveSpan("traced", (span) => status().finally(() => span.end()));
const untraced = await status().catch((error) => error.message);
tell({ traced, untraced, spans: exported() });
server.close();
process.disconnect();
