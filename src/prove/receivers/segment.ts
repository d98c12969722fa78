import { elements, firstText, property } from "./json.js";
import { jsonAnswer, type Protocol } from "./protocol.js";

/** Segment's HTTP tracking API as @segment/analytics-node 3 uses it: `POST /v1/batch` with `{ batch: [...] }`. */
export const segment: Protocol = {
  name: "segment",
  env: (url) => ({ SEGMENT_HOST: url, SEGMENT_WRITE_KEY: "local" }),
  owns: (request) => request.method === "POST" && /^\/v1\/batch\/?$/.test(request.path),
  decode(request) {
    const body: unknown = JSON.parse(request.body.toString("utf8"));
    return elements(body, ["batch"]).map((event) => ({
      signal: "events",
      name: firstText(
        [property(event, "event"), property(event, "name"), property(event, "type")],
        "(event)",
      ),
    }));
  },
  answer: () => jsonAnswer({ success: true }),
};
