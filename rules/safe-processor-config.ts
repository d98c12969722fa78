import type { ChainBreak } from "../src/program/details.js";
import { ruleOfChecks, type Check } from "../src/program/rule-of-checks.js";
import { wrongEndpoints } from "../src/processors/endpoints.js";
import { badSizes } from "../src/processors/sizes.js";
import { badTimes } from "../src/processors/timing.js";

const sizeMessages: Record<string, (found: ChainBreak) => string> = {
  hangs: ({ names: [, option = "", value = ""] }) =>
    `With \`${option}: ${value}\` a flush or shutdown of the processor loops forever and hangs the program: give a number above 0.`,
  "sends-none": ({ names: [, option = "", value = ""] }) =>
    `With \`${option}: ${value}\` the processor sends empty batches and nothing of what it is given: give a number above 0.`,
  drops: ({ names: [, option = "", value = ""] }) =>
    `With \`${option}: ${value}\` the processor drops everything that it is given: give a number above 0.`,
  over: ({ names: [, option = "", value = "", queue = ""] }) =>
    `A batch of ${value} does not fit into the queue of ${queue}, so \`${option}\` is cut to ${queue} and what comes beyond is dropped: give a queue of several batches.`,
  crowded: ({ names: [, option = "", value = "", other = ""] }) => {
    const [queue, batch] = option === "maxQueueSize" ? [value, other] : [other, value];
    return `A full queue of ${queue} is flushed in batches of ${batch} all at once, more than the exporter takes at a time, so the rest is lost: make the batches larger.`;
  },
};

const sizes: Check = {
  id: "sizes",
  summary: "Sizes of a queue or a batch with which a processor drops telemetry, or hangs.",
  strict: false,
  find: badSizes,
  message: (found) => sizeMessages[found.names[0] ?? ""]?.(found) ?? "",
};

const timeMessages: Record<string, (found: ChainBreak) => string> = {
  throws: ({ names: [, option = "", value = "", , cls = ""] }) =>
    `\`${cls}\` throws when \`${option}\` is ${value}, so nothing is exported: give a time above 0.`,
  clash: ({ names: [, option = "", value = "", interval = "", cls = ""] }) =>
    `\`${cls}\` throws because \`${option}\` (${value}) is above \`exportIntervalMillis\` (${interval}), so no metric is exported: give a timeout that ends before the next export.`,
  seconds: ({ names: [, option = "", value = ""] }) =>
    `\`${option}: ${value}\` is ${value} milliseconds, which looks like ${value} seconds: write ${value}000.`,
};

const timing: Check = {
  id: "timing",
  summary: "A time that a reader or exporter refuses, or that is given in seconds instead of milliseconds.",
  strict: false,
  find: badTimes,
  message: (found) => timeMessages[found.names[0] ?? ""]?.(found) ?? "",
};

const endpointMessages: Record<string, (found: ChainBreak) => string> = {
  port: ({ names: [, address = "", to = "", cls = "", protocol = ""] }) =>
    `\`${address}\` is the port of ${protocol === "http" ? "OTLP over gRPC" : "OTLP over HTTP"}, and this \`${cls}\` speaks ${protocol === "http" ? "HTTP" : "gRPC"}, so everything that it sends is lost: use port ${to}, or the exporter of the other protocol.`,
  path: ({ names: [, address = "", to = ""] }) =>
    `The option \`url\` is used as it is, and a collector answers \`${address}\` with 404, so everything that is sent is lost: end it with \`${to}\`.`,
  signal: ({ names: [, address = "", to = "", cls = ""] }) =>
    `\`${address}\` takes another signal than \`${cls}\` sends, so all of it is lost: end it with \`${to}\`.`,
  tls: ({ names: [, address = ""] }) =>
    `Without \`http://\` the gRPC exporter speaks TLS to \`${address}\`, which a collector on this machine does not, so everything that is sent is lost: write \`http://\` in front.`,
};

const endpoint: Check = {
  id: "endpoint",
  summary: "An OTLP exporter sends to a port or path at which nobody takes its signal.",
  strict: false,
  find: wrongEndpoints,
  message: (found) => endpointMessages[found.names[0] ?? ""]?.(found) ?? "",
};

/** A setting of a processor, reader or exporter that drops, blocks, hangs or clashes. */
export const safeProcessorConfig = ruleOfChecks(
  {
    name: "safe-processor-config",
    level: "warning",
    summary: "A setting of a processor, reader or exporter drops, blocks, hangs or clashes.",
    recommended: true,
  },
  [sizes, timing, endpoint],
);
