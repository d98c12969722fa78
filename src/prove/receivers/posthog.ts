import { elements, firstText, property } from "./json.js";
import { jsonAnswer, type Protocol } from "./protocol.js";

/** PostHog's capture endpoint as posthog-node 5 uses it: `POST /batch/` with `{ api_key, batch: [...] }`. */
export const posthog: Protocol = {
  name: "posthog",
  env: (url) => ({ POSTHOG_HOST: url, POSTHOG_API_KEY: "phc_local", POSTHOG_KEY: "phc_local" }),
  owns: (request) => request.method === "POST" && /^\/batch\/?$/.test(request.path),
  decode(request) {
    const body: unknown = JSON.parse(request.body.toString("utf8"));
    return elements(body, ["batch"]).map((event) => {
      const name = firstText([property(event, "event")], "(event)");
      return { signal: name === "$exception" ? "exceptions" : "events", name };
    });
  },
  answer: () => jsonAnswer({ status: 1 }),
};
