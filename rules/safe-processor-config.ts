import type { ChainBreak } from "../src/program/details.js";
import { ruleOfChecks, type Check } from "../src/program/rule-of-checks.js";
import { wrongEndpoints } from "../src/processors/endpoints.js";
import { closedReaders } from "../src/processors/reader-shutdown.js";
import { awaitedOnRequest } from "../src/processors/requests.js";
import { sentTwice } from "../src/processors/sent-twice.js";
import { simpleInServers } from "../src/processors/simple.js";
import { badSizes } from "../src/processors/sizes.js";
import { startedTwice } from "../src/processors/started-twice.js";
import { badTimes } from "../src/processors/timing.js";
import { wrongVariableEndpoints } from "../src/processors/variable-endpoints.js";
import { variablesInSeconds } from "../src/processors/variable-times.js";
import { badVariableSizes } from "../src/processors/variable-sizes.js";
import { wrongVariables } from "../src/processors/variables.js";
import { flushedExporters } from "../src/processors/wrong-link.js";
import { versionMixes } from "../src/versions/mixes.js";

const sizeMessages: Record<string, (found: ChainBreak) => string> = {
  hangs: ({ names: [, option = "", value = "", , , , where] }) =>
    `With \`${option}${where === undefined ? ": " : "="}${value}\` a flush or shutdown of the processor loops forever and hangs the program: give a number above 0.`,
  "sends-none": ({ names: [, option = "", value = "", , , , where] }) =>
    `With \`${option}${where === undefined ? ": " : "="}${value}\` the processor sends empty batches and nothing of what it is given: give a number above 0.`,
  drops: ({ names: [, option = "", value = "", , , , where] }) =>
    `With \`${option}${where === undefined ? ": " : "="}${value}\` the processor drops everything that it is given: give a number above 0.`,
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
  find: (project) => [...badSizes(project), ...badVariableSizes(project)],
  message: (found) => sizeMessages[found.names[0] ?? ""]?.(found) ?? "",
};

const timeMessages: Record<string, (found: ChainBreak) => string> = {
  throws: ({ names: [, option = "", value = "", , cls = ""] }) =>
    `\`${cls}\` throws when \`${option}\` is ${value}, so nothing is exported: give a time above 0.`,
  clash: ({ names: [, option = "", value = "", interval = "", cls = ""] }) =>
    `\`${cls}\` throws because \`${option}\` (${value}) is above \`exportIntervalMillis\` (${interval}), so no metric is exported: give a timeout that ends before the next export.`,
  seconds: ({ names: [, option = "", value = "", , , where] }) =>
    `\`${option}${where === undefined ? ": " : "="}${value}\` is ${value} milliseconds, which looks like ${value} seconds: write ${value}000.`,
};

const timing: Check = {
  id: "timing",
  summary: "A time that a reader or exporter refuses, or that is given in seconds instead of milliseconds.",
  strict: false,
  find: (project) => [...badTimes(project), ...variablesInSeconds(project)],
  message: (found) => timeMessages[found.names[0] ?? ""]?.(found) ?? "",
};

const endpointMessages: Record<string, (found: ChainBreak) => string> = {
  port: ({ names: [, address = "", to = "", cls = "", protocol = "", where] }) =>
    `\`${address}\` is the port of ${protocol === "http" ? "OTLP over gRPC" : "OTLP over HTTP"}, and ${where === undefined ? `this \`${cls}\` speaks` : "the exporters of the program speak"} ${protocol === "http" ? "HTTP" : "gRPC"}, so everything that is sent there is lost: use port ${to}, or the other protocol.`,
  path: ({ names: [, address = "", to = "", name = "", , where] }) =>
    `${where === undefined ? "The option `url`" : `\`${name}\``} is used as it is, and a collector answers \`${address}\` with 404, so everything that is sent is lost: end it with \`${to}\`.`,
  signal: ({ names: [, address = "", to = "", name = ""] }) =>
    `\`${address}\` takes another signal than \`${name}\` is for, so all of it is lost: end it with \`${to}\`.`,
  doubled: ({ names: [, address = "", to = ""] }) =>
    `The SDK appends the path of each signal to this address, so \`${address}\` gets it twice and everything that is sent is lost: write \`${to}\`.`,
  tls: ({ names: [, address = ""] }) =>
    `Without \`http://\` the gRPC exporter speaks TLS to \`${address}\`, which a collector on this machine does not, so everything that is sent is lost: write \`http://\` in front.`,
};

const endpoint: Check = {
  id: "endpoint",
  summary: "An OTLP exporter sends to a port or path at which nobody takes its signal.",
  strict: false,
  find: (project) => [...wrongEndpoints(project), ...wrongVariableEndpoints(project)],
  message: (found) => endpointMessages[found.names[0] ?? ""]?.(found) ?? "",
};

const startMessages: Record<string, string> = {
  again:
    "This SDK runs already, and a second start replaces its providers by new ones that `shutdown` does not reach, so what they hold is lost: start it once.",
  second:
    "Another SDK runs already and keeps its place, so the exporters of this one get nothing: give both to one SDK.",
  preloaded:
    "The package that the command line preloads has started an SDK, which keeps its place, so the exporters of this one get nothing: leave one of them out.",
  provider:
    "Another tracer provider is global already and keeps its place, so no span of `trace.getTracer` reaches the processors of this one: give them all to one provider.",
};

const twiceStarted: Check = {
  id: "started-twice",
  summary: "An OpenTelemetry SDK is started where one runs already.",
  strict: false,
  find: startedTwice,
  message: ({ names: [what = ""] }) => startMessages[what] ?? "",
};

const readerShutdown: Check = {
  id: "reader-shutdown",
  summary: "A shutdown closes a periodic reader of metrics that does not collect before it closes.",
  strict: false,
  find: closedReaders,
  message: ({ names: [, installed = "", from = "", flush = ""] }) =>
    `With ${installed} this shutdown closes the metric reader without a last collection, so what was counted since its last export is lost: ${flush === "" ? "" : "call `forceFlush` of the reader or provider before, or "}ask for ${from} or later.`,
};

const twiceMessages: Record<string, (name: string) => string> = {
  processor: (name) =>
    `This \`${name}\` is given twice, so everything that comes to it is sent twice: give it once.`,
  exporter: (name) =>
    `This \`${name}\` stands behind another processor as well, so everything is sent twice, and the first of them to close takes it from the other: leave one processor out.`,
  destination: (name) =>
    `Another processor of the list sends to the same address by a \`${name}\` of its own, so everything is sent twice: leave one processor out.`,
};

const twiceSent: Check = {
  id: "sent-twice",
  summary: "Two processors, or one that is given twice, send the same telemetry to the same place.",
  strict: false,
  find: sentTwice,
  message: ({ names: [what = "", name = ""] }) => twiceMessages[what]?.(name) ?? "",
};

const simple: Check = {
  id: "simple-processor",
  summary: "A server makes a request of every span or log record.",
  strict: false,
  find: simpleInServers,
  message: ({ names: [name = "", exporter = ""] }) =>
    `\`${name}\` makes a request of every ${name === "SimpleSpanProcessor" ? "span" : "log record"}, and \`${exporter}\` drops what comes while 30 are under way, so a busy server loses the rest: use \`${name.replace("Simple", "Batch")}\`.`,
};

const link: Check = {
  id: "wrong-link",
  summary: "A flush or shutdown goes to the exporter, and the queue is in the processor in front of it.",
  strict: false,
  find: flushedExporters,
  message: ({ names: [member = "", processor = ""] }) =>
    `This \`${member}\` goes to the exporter, and what is not sent yet waits in the \`${processor}\` in front of it, which nobody flushes, so it is lost: call the provider.`,
};

const variable: Check = {
  id: "wrong-variable",
  summary:
    "A variable of OpenTelemetry has a name that no SDK reads, or names an exporter that it does not know.",
  strict: false,
  find: wrongVariables,
  message: ({ names: [what = "", name = "", meant = ""] }) =>
    what === "name"
      ? `Nothing reads \`${name}\`, so the SDK goes on without it: the name is \`${meant}\`.`
      : `The SDK makes no exporter of \`${meant}\` in \`${name}\`, so what it was meant for is lost: name one that it knows, such as \`otlp\`.`,
};

const versions: Check = {
  id: "versions",
  summary: "Versions of telemetry packages that do not work together.",
  strict: false,
  find: versionMixes,
  message: ({ names: [part = "", host = "", failure = "", advice = ""] }) =>
    `${part} does not work with ${host}: ${failure}; ${advice}.`,
};

const onRequest: Check = {
  id: "awaited-on-request",
  summary: "A request or a job of a long-lived program waits for a flush.",
  strict: true,
  find: awaitedOnRequest,
  message: ({ names: [vendor = "", member = "", , kind = ""] }) =>
    `Every ${kind === "web" ? "request" : "job"} waits here until ${vendor} has sent what it holds, as long as the collector likes: leave \`${member}\` to the end of the program.`,
};

/** A setting of a processor, reader or exporter that drops, blocks, hangs or clashes. */
export const safeProcessorConfig = ruleOfChecks(
  {
    name: "safe-processor-config",
    level: "warning",
    summary: "A setting of a processor, reader or exporter drops, blocks, hangs or clashes.",
    recommended: true,
  },
  [
    sizes,
    timing,
    endpoint,
    twiceStarted,
    twiceSent,
    simple,
    link,
    readerShutdown,
    variable,
    versions,
    onRequest,
  ],
);
