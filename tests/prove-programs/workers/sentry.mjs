import * as Sentry from "@sentry/cloudflare";

const capture = (n) => Sentry.captureException(new Error(`failed ${n}`));

const ways = {
  captured: capture,
  later: (n) => void setTimeout(() => capture(n), 100),
  waitUntil: (n, ctx) =>
    ctx.waitUntil(new Promise((resolve) => setTimeout(resolve, 100)).then(() => capture(n))),
  thrown: (n) => {
    throw new Error(`failed ${n}`);
  },
};

export default Sentry.withSentry((env) => ({ dsn: env.SENTRY_DSN }), {
  async fetch(request, env, ctx) {
    const way = new URL(request.url).pathname.slice(1);
    await ways[way](way, ctx);
    return new Response("ok");
  },
});
