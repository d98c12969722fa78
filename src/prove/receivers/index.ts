import { applicationInsights } from "./applicationinsights.js";
import { bugsnag } from "./bugsnag.js";
import { otlpHttpJson, otlpHttpProtobuf } from "./otlp.js";
import { posthog } from "./posthog.js";
import type { Protocol, ReceiverName } from "./protocol.js";
import { rollbar } from "./rollbar.js";
import { segment } from "./segment.js";
import { sentry } from "./sentry.js";

/**
 * Every protocol a proof can receive. Their paths never overlap, so one port serves all of them. When several set the same
 * variable the later one holds: a program that leaves the OTLP protocol open uses protobuf, as the SDKs do by default.
 */
export const protocols: readonly Protocol[] = [
  otlpHttpJson,
  otlpHttpProtobuf,
  sentry,
  posthog,
  applicationInsights,
  segment,
  rollbar,
  bugsnag,
];

/** @throws {Error} when there is no such receiver */
export function protocolNamed(name: ReceiverName): Protocol {
  const found = protocols.find((protocol) => protocol.name === name);
  if (!found) {
    throw new Error(
      `There is no receiver "${name}". Receivers: ${protocols.map((protocol) => protocol.name).join(", ")}.`,
    );
  }
  return found;
}
