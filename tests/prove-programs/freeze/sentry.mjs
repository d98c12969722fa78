import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 1, enableLogs: true });

function work(n) {
  Sentry.captureException(new Error(`failed ${n}`));
  Sentry.logger.info(`told ${n}`);
  Sentry.startSpan({ name: `did ${n}` }, () => undefined);
}

export const nothing = async ({ n }) => work(n);

export const floating = async ({ n }) => {
  work(n);
  void Sentry.flush(2000);
};

export const flushed = async ({ n }) => {
  work(n);
  await Sentry.flush(2000);
};

export const closed = async ({ n }) => {
  work(n);
  await Sentry.close(2000);
};

export const thrown = async ({ n }) => {
  throw new Error(`failed ${n}`);
};

export const callback = (event, context, done) => {
  context.callbackWaitsForEmptyEventLoop = false;
  work(event.n);
  Sentry.flush(2000).then(() => done(null, "ok"), done);
};

export const patient = (event, _context, done) => {
  Sentry.captureException(new Error(`failed ${event.n}`));
  done(null, "ok");
};
