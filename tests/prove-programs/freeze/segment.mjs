import { Analytics } from "@segment/analytics-node";

const analytics = new Analytics({ writeKey: "local", host: process.env.SEGMENT_HOST, flushAt: 1 });
const track = (n) => analytics.track({ userId: "somebody", event: `ordered ${n}` });

export const nothing = async ({ n }) => track(n);

export const flushed = async ({ n }) => {
  track(n);
  await analytics.flush();
};

export const closed = async ({ n }) => {
  track(n);
  await analytics.closeAndFlush();
};
