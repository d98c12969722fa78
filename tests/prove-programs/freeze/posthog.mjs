import { PostHog } from "posthog-node";

const host = process.env.POSTHOG_HOST;
const posthog = new PostHog("phc_local", { host });
const eager = new PostHog("phc_local", { host, flushAt: 1, flushInterval: 0 });
const event = (n) => ({ distinctId: "somebody", event: `ordered ${n}` });

export const nothing = async ({ n }) => posthog.capture(event(n));

export const flushAtOne = async ({ n }) => eager.capture(event(n));

export const floating = async ({ n }) => {
  posthog.capture(event(n));
  void posthog.shutdown();
};

export const unawaited = async ({ n }) => {
  void posthog.captureImmediate(event(n));
};

export const flushed = async ({ n }) => {
  posthog.capture(event(n));
  await posthog.flush();
};

export const closed = async ({ n }) => {
  posthog.capture(event(n));
  await posthog.shutdown();
};

export const immediate = async ({ n }) => {
  await posthog.captureImmediate(event(n));
};
