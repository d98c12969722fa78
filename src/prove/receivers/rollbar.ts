import { elements, firstText, property } from "./json.js";
import { jsonAnswer, type Protocol } from "./protocol.js";

/**
 * Rollbar's item endpoint as rollbar 2 and 3 use it: `POST <endpoint>/api/1/item/` with `{ data: { body } }`, where the body holds a
 * `trace`, a `trace_chain` (the error and what caused it) or a `message`.
 */
export const rollbar: Protocol = {
  name: "rollbar",
  env: (url) => ({ ROLLBAR_ENDPOINT: `${url}/api/1/item/`, ROLLBAR_ACCESS_TOKEN: "local" }),
  owns: (request) => request.method === "POST" && /^\/api\/1\/item\/?$/.test(request.path),
  decode(request) {
    const item: unknown = JSON.parse(request.body.toString("utf8"));
    const body = property(property(item, "data"), "body");
    const trace = property(body, "trace") ?? elements(body, ["trace_chain"])[0];
    if (trace === undefined) {
      return [{ signal: "events", name: firstText([property(property(body, "message"), "body")], "(item)") }];
    }
    const exception = property(trace, "exception");
    return [
      {
        signal: "exceptions",
        name: firstText([property(exception, "message"), property(exception, "class")], "(exception)"),
      },
    ];
  },
  answer: () => jsonAnswer({ err: 0, result: { id: null, uuid: "00000000000000000000000000000000" } }),
};
