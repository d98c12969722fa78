// A query inside of a span and one outside of it.
import { trace } from "@opentelemetry/api";
import { exported, start, tell } from "./spans.mjs";

start();
class Client {
  query(text) {
    return `rows of ${text}`;
  }
}
(await import(`${process.cwd()}/src/store.js`)).default.instrument({ Client });
const client = new Client();
const traced = trace.getTracer("test").startActiveSpan("traced", (span) => {
  const rows = client.query("a");
  span.end();
  return rows;
});
tell({ traced, untraced: client.query("b") ?? null, spans: exported() });
process.disconnect();
