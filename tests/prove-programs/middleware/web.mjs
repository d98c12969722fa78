// One request to a route behind the middleware of the program: `web.mjs <framework> <file> <export> [call]`.
import { once } from "node:events";
import { program, tell, within, work } from "./spans.mjs";

const [framework, file, name, made] = process.argv.slice(2);
const exports = await program(file);
const found = name === "default" ? exports.default : exports[name];
const client = { send: (error) => reported.push(error.message) };
const reported = [];
const middleware = made === undefined ? found : found(client);

const apps = {
  async koa() {
    const { default: Koa } = await import("koa");
    const app = new Koa();
    app.silent = true;
    app.use(middleware);
    app.use(async (ctx) => {
      await work();
      if (made === "fails") throw new Error("out of order");
      ctx.status = 201;
      ctx.body = "served";
    });
    return listening(app.listen(0));
  },
  async hono() {
    const { Hono } = await import("hono");
    const app = new Hono();
    app.onError((error, c) => c.text(error.message, 500));
    app.use("*", middleware);
    app.get("/", async (c) => {
      await work();
      return c.text("served", 201);
    });
    return async () => app.request("/");
  },
  async express() {
    const { default: express } = await import("express");
    const app = express();
    app.use(middleware);
    app.get("/", async (_request, response) => {
      await work();
      response.status(201).send("served");
    });
    return listening(app.listen(0));
  },
};

async function listening(server) {
  await once(server, "listening");
  return () => fetch(`http://127.0.0.1:${server.address().port}/`);
}

process.on("unhandledRejection", (error) => reported.push(`nobody heard: ${error.message}`));
const ask = await apps[framework]();
const status = await within(ask().then((response) => response.status));
await tell({ status, reported });
