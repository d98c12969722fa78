// Requests through a handler of the program: what is behind it hears of a body, of the first byte and of a failure.
import { createServer } from "node:http";
import { once } from "node:events";
import { PerformanceObserver } from "node:perf_hooks";
import { Agent, fetch, request } from "undici";
import { program, tell, within } from "./spans.mjs";

const [file, name] = process.argv.slice(2);
const found = await program(file);
const Handler = name === "default" ? found.default : found[name];
const server = createServer((incoming, response) => {
  incoming.resume();
  setTimeout(() => response.end("served"), 20);
}).listen(0, "127.0.0.1");
await once(server, "listening");
const origin = `http://127.0.0.1:${server.address().port}`;

/** What a handler behind that of the program is told of one request. */
const heardOf = (options) =>
  new Promise((resolve) => {
    const heard = [];
    const end = () => resolve([...new Set(heard)]);
    const names = ["onConnect", "onHeaders", "onData", "onBodySent"];
    const last = { onComplete: end, onError: end, onUpgrade: end };
    const behind = Object.fromEntries(names.map((name) => [name, () => heard.push(name)]));
    const front = new Handler({ ...behind, ...last }, () => undefined);
    new Agent().dispatch({ origin, path: "/", ...options }, front);
  });

const handled = (dispatch) => (options, handler) => dispatch(options, new Handler(handler, () => undefined));
const agent = new Agent();
const dispatcher = agent.compose(handled);
const heard = await within(heardOf({ method: "POST", body: "hello" }));
const entries = [];
new PerformanceObserver((list) => entries.push(...list.getEntries())).observe({ entryTypes: ["resource"] });
const fetched = await within(fetch(origin, { dispatcher }).then((r) => r.text()));
const gone = await within(request("http://127.0.0.1:1/", { dispatcher }).then(() => "answered"));
await new Promise((resolve) => setTimeout(resolve, 50));
await tell({ heard, fetched, firstByte: entries.some((e) => e.responseStart > 0), gone });
