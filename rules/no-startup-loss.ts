import type { ChainBreak } from "../src/program/details.js";
import { ruleOfChecks, type Check } from "../src/program/rule-of-checks.js";
import { earlyMeters } from "../src/startup/early.js";
import { hopelessHealthChecks } from "../src/startup/health.js";
import { impatientExporters, lateCollectors } from "../src/startup/impatient.js";
import { lateEndpoints } from "../src/startup/late-endpoint.js";
import { unansweredProbes } from "../src/startup/probes.js";
import { smallQueues } from "../src/startup/queues.js";
import { lateSidecars } from "../src/startup/sidecars.js";
import { unreachableReceivers } from "../src/startup/unreachable.js";

const until = ({ names: [, , collector] }: ChainBreak): string =>
  collector ? `until \`${collector}\` listens` : "while the collector is not ready";

const sidecar: Check = {
  id: "sidecar",
  summary: "A collector starts together with the program that it stands beside.",
  strict: false,
  find: lateSidecars,
  message: ({ names: [name = "the exporter", transport, , harm] }) => {
    const move = "make it an init container with `restartPolicy: Always` and a startup probe";
    if (harm === "job")
      return `This collector never ends by itself, so the Job never completes when its program has; ${move}.`;
    if (harm === "end")
      return `This collector ends at once when the pod is stopped, and the program beside it goes on until its \`preStop\` hook is over, so what it exports then is lost; ${move}.`;
    return `This collector starts together with the program beside it, and ${transport === "grpc" ? "OTLP over gRPC never tries again" : `${name} may not try again long enough`}, so what is exported until it listens is lost; ${move}.`;
  },
};

const noHealthCheck: Check = {
  id: "no-health-check",
  summary: "A collector can never be healthy, and others wait for that.",
  strict: false,
  find: (project) => [...hopelessHealthChecks(project), ...unansweredProbes(project)],
  message: ({ names: [collector = "the collector", other = "", detail] }) => {
    if (detail === "off")
      return `Nothing answers this probe, because the configuration of \`${collector}\` does not enable \`health_check\`: ${unanswered[other] ?? ""}; add it to \`extensions\` and to \`service.extensions\`.`;
    if (detail === "localhost")
      return `\`health_check\` of \`${collector}\` listens on localhost, where this probe does not reach it: ${unanswered[other] ?? ""}; give it the endpoint \`0.0.0.0:13133\`.`;
    const why = detail ? `its image has no \`${detail}\`` : "it has no health check";
    return `\`${other}\` waits until \`${collector}\` is healthy, and it never is, because ${why}, so that service is never started; wait for \`service_started\`, or let another container ask for port 13133.`;
  },
};

/** What comes of a probe that fails for ever. */
const unanswered: Readonly<Record<string, string>> = {
  startupProbe: "it is killed over and over",
  livenessProbe: "it is killed over and over, with what it holds",
  readinessProbe: "it never counts as ready, so nothing is sent to it",
};

const unreachable: Check = {
  id: "unreachable-collector",
  summary: "A collector listens on localhost of its own container, where no other reaches it.",
  strict: false,
  find: unreachableReceivers,
  message: ({ names: [collector = "the collector", , port = ""] }) =>
    `Without an endpoint this receiver of \`${collector}\` listens on localhost of its own container since version 0.104, so everything that is sent to it from elsewhere is lost; give it the endpoint \`0.0.0.0:${port}\`.`,
};

const smallQueue: Check = {
  id: "small-queue",
  summary: "A queue is too small for what comes while the collector is not ready.",
  strict: true,
  find: smallQueues,
  message: ({ names: [, size = ""] }) =>
    `While the exporter tries to reach a collector that does not listen yet, all new spans have to fit into these ${size}, and the rest is dropped; leave it at 2048.`,
};

const noRetry: Check = {
  id: "no-retry",
  summary: "The exporter drops a batch when its collector does not listen yet.",
  strict: false,
  find: (project) => impatientExporters("no-retry", project),
  message: (found) =>
    found.names[1] === "grpc"
      ? `OTLP over gRPC never tries again, so what is exported ${until(found)} is lost; send it again until the collector is up, or let the program wait for it.`
      : `This version of ${found.names[0] ?? "the exporter"} does not try again when the connection is refused, so what is exported ${until(found)} is lost; raise it to 0.209 or later, or send it again.`,
};

const timeoutBelowRetry: Check = {
  id: "timeout-below-retry",
  summary: "The time limit of the exporter leaves no room for its retries.",
  strict: false,
  find: (project) => impatientExporters("timeout-below-retry", project),
  message: (found) =>
    `All retries of an export have to fit into this time, so what is exported ${until(found)} is lost; leave it at 10 seconds.`,
};

const lateCollector: Check = {
  id: "late-collector",
  summary: "A service is started long before the collector that it sends to.",
  strict: false,
  find: lateCollectors,
  message: ({ names: [, collector, other] }) =>
    `\`${collector ?? "The collector"}\` is started only when \`${other ?? ""}\` is healthy and this service does not wait for it, so what it exports until then is lost; add it to \`depends_on\`.`,
};

const earlyMeter: Check = {
  id: "early-meter",
  summary: "A meter is made before the SDK that would record what it counts has started.",
  strict: false,
  find: earlyMeters,
  message: () =>
    "OpenTelemetry has not started when this meter is made, so nothing that its instruments count is ever recorded; start the SDK in a file that is imported first, or get the meter when it is used.",
};

const lateEndpoint: Check = {
  id: "late-endpoint",
  summary: "A variable is set after the exporter or SDK was made that reads it.",
  strict: false,
  find: lateEndpoints,
  message: ({ names: [name, variable] }) =>
    `${name ?? "The SDK"} has read \`${variable ?? ""}\` before it is set here, so it sends to the wrong place; set it before that file is loaded, or hand the value over.`,
};

/** Telemetry of the first seconds is lost because the collector is not ready, and nothing retries or buffers. */
export const noStartupLoss = ruleOfChecks(
  {
    name: "no-startup-loss",
    level: "warning",
    summary: "Telemetry of the first seconds is lost because the collector is not ready yet.",
    recommended: true,
  },
  [
    sidecar,
    noHealthCheck,
    unreachable,
    lateCollector,
    noRetry,
    timeoutBelowRetry,
    smallQueue,
    earlyMeter,
    lateEndpoint,
  ],
);
