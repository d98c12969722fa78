// Hono looks for what it put on a handler once that is traced.
import { Hono } from "hono";
import { inspectRoutes } from "hono/dev";
import { load, tell } from "./tell.mjs";

const { wrapMiddleware } = await load("src/wrap-middleware.ts");
const users = new Hono();
users.onError((error, context) => context.text(error.message, 500));
users.get("/", function listUsers(context) {
  return context.text("users");
});
const composed = new Hono().route("/users", users).routes[0].handler;

const app = new Hono();
app.get("/users", wrapMiddleware(composed));
const response = await app.request("/users");
tell({ text: await response.text(), route: inspectRoutes(app).map(({ name }) => name) });
