import { runnersOf } from "../../src/program/runners.js";
import { sendIt } from "./complete.js";
import { attach, type Listener, openMaking } from "./runner-attach.js";
import { catching, type Mended } from "./runner-catch.js";
import { failingJobs } from "./runner-jobs.js";
import type { Scene } from "./scene.js";
import { tellAt } from "./tell.js";
import { blockOf, errorNameIn, failed, logOf } from "./words.js";

/**
 * Listens to the failures of a runner, behind what makes it. Where there is no event for them, the functions that it runs tell of
 * them, and fail as before.
 */
export function hearRunner(scene: Scene): Mended | undefined {
  const { details, project, lost } = scene;
  const runner = runnersOf(lost.run, project).find((r) => r.call === details.call);
  switch (runner?.facts.kind) {
    case "thread":
      return hearThread(scene);
    case "process":
      return hearProcess(scene);
    case "queue": {
      const event = EVENTS[runner.facts.name];
      return event ? hearQueue(scene, event) : tellInJobs(scene);
    }
    default:
      return tellInJobs(scene);
  }
}

interface QueueEvent {
  /** As it is written, `$` standing for the runner. */
  event: string;
  /** What the listener takes, `%` standing for the error. */
  params: string;
  error: string;
  /** Who has the event: `.events` for a runner that has an emitter of its own. */
  on?: string;
}

const failedEvent: QueueEvent = { event: '"failed"', params: "job, %", error: "%" };

/** Read in the typings of the versions that `src/knowledge/runners/queues.ts` names; graphile-worker tries 25 times before `job:failed`. */
const EVENTS: Record<string, QueueEvent> = {
  "BullMQ worker": failedEvent,
  "Bull queue": failedEvent,
  "Bee-Queue queue": failedEvent,
  Agenda: { event: '"fail"', params: "%", error: "%" },
  "Kafka consumer": { event: "$.events.CRASH", params: "{ payload }", error: "payload.error" },
  "SQS consumer": { event: '"processing_error"', params: "%", error: "%" },
  "Graphile worker": { event: '"job:error"', params: "{ error }", error: "error", on: ".events" },
};

function hearQueue(scene: Scene, { event, params, error, on = "" }: QueueEvent): Mended | undefined {
  const making = openMaking(scene);
  if (!making) return undefined;
  const { source, spot } = making;
  const name = errorNameIn(source);
  const told = tellAt(scene, spot, { name: error.replace("%", name), type: "error" }, "job");
  if (!told || told.statements.length === 0) return undefined;
  const job = source.isTypeScript ? "_job" : "job";
  const listener: Listener = {
    on: `${on}.on`,
    event: event.replaceAll('"', source.style.quote),
    params: params.replace("job", job).replace("%", name),
    statements: told.statements,
    chains: on === "" && !event.startsWith("$"),
  };
  const put = attach(making, listener);
  return put && { safe: false, edits: [...told.edits, ...put] };
}

/** What is thrown in a thread ended the process before: it still does, once the SDK was told and has sent it. */
function hearThread(scene: Scene): Mended | undefined {
  const making = openMaking(scene);
  if (!making) return undefined;
  const { source, spot, node } = making;
  const name = errorNameIn(source);
  const told = tellAt(scene, spot, { name, type: "error" }, "worker");
  const sent = told && sendIt(scene, spot, node, told);
  if (!sent) return undefined;
  const q = source.style.quote;
  const put = attach(making, {
    on: ".once",
    event: `${q}error${q}`,
    params: name,
    statements: [logOf(scene.project, source, node, name), ...sent.statements, failed(source, true)],
    chains: true,
  });
  return put && { safe: false, edits: [...told.edits, ...sent.edits, ...put] };
}

/** A child that was told to end, as when the service ends, has not failed. */
function hearProcess(scene: Scene): Mended | undefined {
  const making = openMaking(scene);
  if (!making) return undefined;
  const { source, spot, cluster } = making;
  const { quote, arrows } = source.style;
  const how = source.isTypeScript || arrows ? "signal ?? code" : "signal || code";
  const who = cluster ? "worker ${worker.process.pid}" : "child process";
  const error = `new Error(\`${who} exited with \${${how}}\`)`;
  const told = tellAt(scene, spot, { name: error, type: "error" }, cluster ? "worker" : "child");
  if (!told || told.statements.length === 0) return undefined;
  const test = `if (code !== 0 && signal !== ${quote}SIGTERM${quote}) `;
  const put = attach(making, {
    on: cluster ? ".on" : ".once",
    event: `${quote}exit${quote}`,
    params: cluster ? "worker, code, signal" : "code, signal",
    statements: [test + blockOf(source, told.statements, "")],
    chains: true,
  });
  return put && { safe: false, edits: [...told.edits, ...put] };
}

/** The functions that it runs tell of their failure, and fail. */
function tellInJobs(scene: Scene): Mended | undefined {
  const all = failingJobs(scene).map((job) => {
    const { source, module, node, fn } = job;
    const error = errorNameIn(source);
    const inside = /Function/.test(node.type) ? ((node.body as typeof node | undefined) ?? node) : node;
    const spot = { source, module, node: inside, fn };
    const told = tellAt(scene, spot, { name: error, type: "unknown" }, fn.name ?? "job");
    if (!told || told.statements.length === 0) return undefined;
    const statements = [...told.statements, `throw ${error}`];
    const put = catching(scene.project, job, { error, statements });
    return put && [...told.edits, ...put];
  });
  const edits = all.flatMap((e) => e ?? []);
  return all[0] ? { safe: false, edits } : undefined;
}
