/**
 * Consumers of queues and brokers: what becomes of the failure of a job, and who is told.
 *
 * Run with Node.js 20 and a job that rejects: bullmq 5.81.5, bull 4.16.5, bee-queue 2.0.0, sqs-consumer 14.2.8 (the job is
 * marked as failed or left in the queue, nothing is printed, no event of the process; the listeners named here are told).
 * Read: agenda 5.0.0 (`job/run.js`), pg-boss 10.4.2 (`manager.js`: the job is failed in the database, its `error` event is for
 * the database only), kafkajs 2.2.4 (logs and retries, then `consumer.crash` and a restart), graphile-worker 0.17.3 (logs),
 * amqplib 2.3.1, mqtt 5.16.0, @google-cloud/pubsub 5.3.1, nats 2.29.3 (what the callback returns is dropped).
 * The `error` event of Bull, BullMQ and SQS consumers is for their connection.
 */
import type { RunnerFacts, RunnerHook } from "../schema.js";

const queue = { kind: "queue", failure: "kept" } as const;
const dropping = { kind: "queue", failure: "rejects", hooks: [] as RunnerHook[] } as const;

const failed: RunnerHook = { as: "event", name: "failed", error: 1 };

const agenda = {
  ...queue,
  name: "Agenda",
  modules: ["agenda", "@hokify/agenda"],
  construct: true,
  handlers: [{ method: "define", arguments: "rest" }] as RunnerFacts["handlers"],
  hooks: [{ as: "event", name: "fail", error: 0 }] as RunnerHook[],
};

const pgBoss = {
  ...queue,
  name: "pg-boss worker",
  modules: ["pg-boss"],
  construct: true,
  handlers: [{ method: "work", arguments: "rest" }] as RunnerFacts["handlers"],
  hooks: [] as RunnerHook[],
};

const sqs = {
  ...queue,
  name: "SQS consumer",
  modules: ["sqs-consumer"],
  handlers: [
    { arguments: [0], properties: ["handleMessage", "handleMessageBatch"] },
  ] as RunnerFacts["handlers"],
  hooks: [{ as: "event", name: "processing_error", error: 0 }] as RunnerHook[],
};

const onMessage: RunnerFacts["handlers"] = [
  { method: "on", arguments: [1] },
  { method: "addListener", arguments: [1] },
];

export const queues: RunnerFacts[] = [
  {
    ...queue,
    name: "BullMQ worker",
    modules: ["bullmq"],
    make: "Worker",
    construct: true,
    handlers: [{ arguments: [1] }],
    hooks: [failed],
  },
  {
    ...queue,
    name: "Bull queue",
    modules: ["bull"],
    make: "default",
    construct: true,
    handlers: [{ method: "process", arguments: "rest" }],
    hooks: [failed, { as: "event", name: "global:failed", error: 1 }],
  },
  {
    ...queue,
    name: "Bee-Queue queue",
    modules: ["bee-queue"],
    make: "default",
    construct: true,
    handlers: [{ method: "process", arguments: "rest" }],
    hooks: [failed, { as: "event", name: "job failed", error: 1 }],
  },
  { ...agenda, make: "Agenda" },
  { ...agenda, make: "default" },
  { ...pgBoss, make: "PgBoss" },
  { ...pgBoss, make: "default" },
  {
    ...queue,
    name: "Kafka consumer",
    modules: ["kafkajs"],
    make: "Kafka.consumer",
    construct: true,
    handlers: [{ method: "run", arguments: [0], properties: ["eachMessage", "eachBatch"] }],
    hooks: [{ as: "event", name: "consumer.crash", error: 0 }],
  },
  { ...sqs, make: "Consumer.create", construct: false },
  { ...sqs, make: "Consumer", construct: true },
  {
    ...queue,
    name: "Graphile worker",
    modules: ["graphile-worker"],
    make: "run",
    construct: false,
    handlers: [{ arguments: [0], properties: ["taskList"] }],
    hooks: [
      { as: "event", name: "job:failed", error: 0 },
      { as: "event", name: "job:error", error: 0 },
      { as: "option", name: "events", error: 0 },
    ],
  },
  {
    ...dropping,
    name: "AMQP consumer",
    modules: ["amqplib", "amqplib/callback_api"],
    make: "connect",
    construct: false,
    handlers: [{ method: "consume", arguments: [1] }],
  },
  {
    ...dropping,
    name: "MQTT client",
    modules: ["mqtt"],
    make: "connect",
    construct: false,
    handlers: onMessage,
  },
  {
    ...dropping,
    name: "Pub/Sub subscription",
    modules: ["@google-cloud/pubsub"],
    make: "PubSub.subscription",
    construct: true,
    handlers: onMessage,
  },
  {
    ...dropping,
    name: "NATS subscription",
    modules: ["nats", "@nats-io/transport-node"],
    make: "connect",
    construct: false,
    handlers: [{ method: "subscribe", arguments: [1], properties: ["callback"] }],
  },
];
