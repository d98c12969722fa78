import "./telemetry.js";
import { once } from "node:events";
import { createServer } from "node:http";
import { findOrder } from "./orders.js";

const server = createServer((request, response) => {
  const order = findOrder(request.url.slice(1));
  response.statusCode = order ? 200 : 404;
  response.end(JSON.stringify(order ?? { error: "no such order" }));
});

process.on("SIGTERM", () => {
  console.log("draining");
  server.close(() => {
    process.exit(0);
  });
});

server.listen(Number(process.env.PORT ?? 0), "127.0.0.1");
await once(server, "listening");

// Three customers come by, so that there is something to lose.
const { port } = server.address();
for (const id of ["1", "2", "3"]) await (await fetch(`http://127.0.0.1:${port}/${id}`)).text();
console.log(`ready on port ${port}`);
