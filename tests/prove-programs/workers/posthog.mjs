import { PostHog } from "posthog-node";

function captured(env, n, options) {
  const posthog = new PostHog("phc_local", { host: env.COLLECTOR, ...options });
  posthog.capture({ distinctId: "somebody", event: `ordered ${n}` });
  return posthog;
}

/** What a Worker does with the event that it has captured, by the path that is asked for. */
const ways = {
  nothing: (n, env) => void captured(env, n),
  flushAtOne: (n, env) => void captured(env, n, { flushAt: 1, flushInterval: 0 }),
  floating: (n, env) => void captured(env, n).shutdown(),
  awaited: (n, env) => captured(env, n).shutdown(),
  waitUntil: (n, env, ctx) => ctx.waitUntil(captured(env, n).shutdown()),
  option: (n, env, ctx) => void captured(env, n, { waitUntil: (promise) => ctx.waitUntil(promise) }),
};

export default {
  async fetch(request, env, ctx) {
    const way = new URL(request.url).pathname.slice(1);
    await ways[way](way, env, ctx);
    return new Response("ok");
  },
};
