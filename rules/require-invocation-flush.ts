import { batching } from "../src/invocation/batching.js";
import { clobbered } from "../src/invocation/clobbered.js";
import { closedPerInvocation } from "../src/invocation/closed.js";
import { floatingInInvocation } from "../src/invocation/floating.js";
import { streamed } from "../src/invocation/streamed.js";
import { successOnly } from "../src/invocation/success-only.js";
import { unflushed } from "../src/invocation/unflushed.js";
import { ruleOfChecks, type Check } from "../src/program/rule-of-checks.js";

const floating: Check = {
  id: "floating-flush",
  summary: "A flush is started, and neither the function nor the platform waits for it.",
  strict: false,
  find: floatingInInvocation,
  message: ({ names: [name, platform, then] }) =>
    `Nobody waits for this flush of ${name ?? "the SDK"}, and ${platform ?? "the platform"} ${then ?? "stops"} once the function has answered; await it, or hand it to the platform's \`waitUntil\`.`,
};

const closed: Check = {
  id: "closed-per-invocation",
  summary: "Each invocation closes a client that the next one needs.",
  strict: false,
  find: closedPerInvocation,
  message: ({ names: [name, platform] }) =>
    `This ends the ${name ?? "SDK"} that later invocations on ${platform ?? "the platform"} share, so what they record is lost; flush it here instead.`,
};

const success: Check = {
  id: "success-only",
  summary: "The flush stands on the path where all goes well; a failure is captured and thrown past it.",
  strict: false,
  find: successOnly,
  message: ({ names: [name, platform, then] }) =>
    `The function is left here before its flush, and ${platform ?? "the platform"} then ${then ?? "stops"}, so ${name ?? "the SDK"} loses what is captured; flush here as well, or in a \`finally\`.`,
};

const unsent: Check = {
  id: "unflushed",
  summary: "An invocation captures something and nothing flushes before it ends.",
  strict: false,
  find: unflushed,
  message: ({ names: [name, platform, then] }) =>
    `Nothing flushes ${name ?? "the SDK"} before this function has answered, and ${platform ?? "the platform"} then ${then ?? "stops"}, so what is captured here is lost; flush it first.`,
};

const batched: Check = {
  id: "batching",
  summary: "A client that a framework records with waits for a batch, and nothing flushes it.",
  strict: false,
  find: batching,
  message: ({ names: [name, platform, then, option, value] }) =>
    `This client of ${name ?? "the SDK"} waits for a batch and nothing flushes it, and ${platform ?? "the platform"} ${then ?? "stops"} once the function has answered; set \`${option ?? ""}: ${value ?? ""}\`, or flush it at the end of each event.`,
};

const streaming: Check = {
  id: "streamed",
  summary: "Functions run while the answer streams, after the wrapper has flushed.",
  strict: false,
  find: streamed,
  message: ({ names: [name, runs] }) =>
    `${runs ?? "Functions run"} while the answer streams, and the wrapper of ${name ?? "the SDK"} has flushed by then, so what they record is lost; hand a flush to \`ctx.waitUntil\` when one is done, or update the SDK.`,
};

const emptied: Check = {
  id: "clobbered",
  summary:
    "The global that keeps flushes alive is emptied where the context has no `waitUntil`, and not put back.",
  strict: false,
  find: clobbered,
  message: ({ names: [name] }) =>
    `\`${name ?? "The global"}\` keeps the flushes of the context around this one alive, and is emptied here and not put back, so what they send is cut off; leave it as it is where there is no \`waitUntil\`.`,
};

/** A serverless invocation is frozen before its telemetry has left. */
export const requireInvocationFlush = ruleOfChecks(
  {
    name: "require-invocation-flush",
    level: "warning",
    summary: "A serverless invocation is frozen before its telemetry has left.",
    recommended: true,
  },
  [floating, closed, success, unsent, batched, streaming, emptied],
);
