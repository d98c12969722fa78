// What a function carried is read once it is wrapped.
import { createRequire } from "node:module";
import { tell } from "./tell.mjs";

const { wrapMethod } = createRequire(import.meta.url)(`${process.cwd()}/lib/shimmer.js`);
const request = (url) => `GET ${url}`;
request.defaults = { timeout: 5000 };
class Client {
  static version = 3;
}
const http = { request, Client };
const calls = [];
wrapMethod(http, "request", (original) => (url) => {
  calls.push(url);
  return original(url);
});
wrapMethod(http, ["Client"], (Original) => class extends Original {});
tell({
  answer: http.request("/"),
  calls,
  timeout: http.request.defaults?.timeout ?? null,
  version: http.Client.version ?? null,
});
