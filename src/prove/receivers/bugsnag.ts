import { elements, firstText, property } from "./json.js";
import { jsonAnswer, type Item, type Protocol } from "./protocol.js";

/**
 * Bugsnag's two endpoints as @bugsnag/node 7 to 9 use them: `{ events: [{ exceptions: [...] }] }` for errors and
 * `{ sessionCounts: [...] }` for sessions. Their paths are whatever the program was given.
 */
export const bugsnag: Protocol = {
  name: "bugsnag",
  env: (url) => ({
    BUGSNAG_API_KEY: "00000000000000000000000000000001",
    BUGSNAG_NOTIFY_ENDPOINT: `${url}/bugsnag/notify`,
    BUGSNAG_SESSIONS_ENDPOINT: `${url}/bugsnag/sessions`,
  }),
  owns: (request) => request.method === "POST" && /^\/bugsnag\/(notify|sessions)\/?$/.test(request.path),
  decode(request) {
    const body: unknown = JSON.parse(request.body.toString("utf8"));
    const errors = elements(body, ["events"]).map((event): Item => {
      // What caused an error follows it.
      const [exception] = elements(event, ["exceptions"]);
      return {
        signal: "exceptions",
        name: firstText([property(exception, "message"), property(exception, "errorClass")], "(exception)"),
      };
    });
    const sessions = elements(body, ["sessionCounts"]).map((count): Item => ({
      signal: "sessions",
      name: firstText([property(count, "startedAt")], "(session)"),
    }));
    return [...errors, ...sessions];
  },
  answer: () => ({ ...jsonAnswer({}), status: 202 }),
};
