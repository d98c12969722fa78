/**
 * Consumers of queues and brokers, and workers that are handed jobs.
 *
 * Read in the type declarations and sources of bullmq 5.81.5 and 6.7.0, bull 4.16.5, bee-queue 2.0.0, agenda 5.0.0 and 6.2.6,
 * pg-boss 10.4.2 and 12.38.0, graphile-worker 0.17.3, kafkajs 2.2.4, node-rdkafka 3.6.1, @confluentinc/kafka-javascript 1.10.1,
 * amqplib 0.10.9 and 2.3.1, amqp-connection-manager 5.0.0, sqs-consumer 9.1.0 and 14.2.8, rhea 3.0.5, nats 2.29.3,
 * @nats-io/transport-node 3.4.0, mqtt 5.16.0, @google-cloud/pubsub 5.3.1, @azure/service-bus 7.9.5, @temporalio/worker 1.24.0,
 * inngest 4.24.0.
 * `agenda.stop()` unlocks the jobs under way, `drain()` waits for them. pg-boss `stop()` waits for its jobs by default.
 * Trigger.dev's tasks are run by its platform, and inngest's `serve` only makes a handler.
 */
import type { DrainFacts, ProducerFacts } from "../schema.js";

const closePromise: DrainFacts[] = [{ method: "close", style: "promise" }];
const consumer = { kind: "consumer", serves: "self" } as const;

const pgBoss = {
  ...consumer,
  name: "pg-boss worker",
  modules: ["pg-boss"],
  construct: true,
  serve: "work",
  drains: [{ method: "stop", style: "promise" }] as DrainFacts[],
};

const agenda = {
  ...consumer,
  name: "Agenda worker",
  modules: ["agenda", "@hokify/agenda"],
  construct: true,
  serve: "start",
  drains: [
    { method: "drain", style: "promise" },
    { method: "stop", style: "promise" },
  ] as DrainFacts[],
};

const nats = {
  ...consumer,
  name: "NATS subscription",
  construct: false,
  serve: "subscribe",
  drains: [
    { method: "drain", style: "promise" },
    { method: "close", style: "promise" },
  ] as DrainFacts[],
};

const mqttDrains: DrainFacts[] = [
  { method: "endAsync", style: "promise" },
  { method: "end", style: "callback" },
];

const sqsConsumer = {
  ...consumer,
  name: "SQS consumer",
  modules: ["sqs-consumer"],
  serve: "start",
  drains: [{ method: "stop", style: "fire-and-forget" }] as DrainFacts[],
};

export const consumers: ProducerFacts[] = [
  {
    name: "BullMQ worker",
    kind: "consumer",
    modules: ["bullmq"],
    make: "Worker",
    construct: true,
    drains: closePromise,
  },
  {
    ...consumer,
    name: "Bull worker",
    modules: ["bull"],
    make: "default",
    construct: true,
    serve: "process",
    drains: closePromise,
  },
  {
    ...consumer,
    name: "Bee-Queue worker",
    modules: ["bee-queue"],
    make: "default",
    construct: true,
    serve: "process",
    drains: [{ method: "close", style: "promise-or-callback" }],
  },
  { ...agenda, make: "Agenda" },
  { ...agenda, make: "default" },
  { ...pgBoss, make: "default" },
  { ...pgBoss, make: "PgBoss" },
  {
    name: "Graphile worker",
    kind: "consumer",
    modules: ["graphile-worker"],
    make: "run",
    construct: false,
    drains: [{ method: "stop", style: "promise" }],
    signals: {
      events: ["SIGUSR2", "SIGINT", "SIGTERM", "SIGHUP", "SIGABRT"],
      exits: true,
      unless: "noHandleSignals",
    },
  },
  {
    ...consumer,
    name: "Kafka consumer",
    modules: ["kafkajs"],
    make: "Kafka.consumer",
    construct: true,
    serve: "run",
    drains: [
      { method: "disconnect", style: "promise" },
      { method: "stop", style: "promise" },
    ],
  },
  {
    ...consumer,
    name: "Kafka consumer",
    modules: ["@confluentinc/kafka-javascript"],
    make: "KafkaJS.Kafka.consumer",
    construct: true,
    serve: "run",
    drains: [{ method: "disconnect", style: "promise" }],
  },
  {
    ...consumer,
    name: "Kafka consumer",
    modules: ["node-rdkafka", "@confluentinc/kafka-javascript"],
    make: "KafkaConsumer",
    construct: true,
    serve: "consume",
    drains: [{ method: "disconnect", style: "callback" }],
  },
  {
    ...consumer,
    name: "AMQP consumer",
    modules: ["amqplib"],
    make: "connect",
    construct: false,
    serve: "consume",
    drains: [
      { method: "cancel", style: "promise" },
      { method: "close", style: "promise" },
    ],
  },
  {
    ...consumer,
    name: "AMQP consumer",
    modules: ["amqplib/callback_api"],
    make: "connect",
    construct: false,
    serve: "consume",
    drains: [
      { method: "cancel", style: "callback" },
      { method: "close", style: "callback" },
    ],
  },
  {
    ...consumer,
    name: "AMQP consumer",
    modules: ["amqp-connection-manager"],
    make: "connect",
    construct: false,
    serve: "consume",
    drains: [
      { method: "cancel", style: "promise" },
      { method: "close", style: "promise" },
    ],
  },
  { ...sqsConsumer, make: "Consumer.create", construct: false },
  { ...sqsConsumer, make: "Consumer", construct: true },
  {
    ...consumer,
    name: "AMQP receiver",
    modules: ["rhea"],
    make: "connect",
    construct: false,
    serve: "open_receiver",
    drains: [{ method: "close", style: "fire-and-forget" }],
  },
  { ...nats, modules: ["nats", "@nats-io/transport-node"], make: "connect" },
  {
    ...consumer,
    name: "MQTT subscription",
    modules: ["mqtt"],
    make: "connect",
    construct: false,
    serve: "subscribe",
    drains: mqttDrains,
  },
  {
    ...consumer,
    name: "MQTT subscription",
    modules: ["mqtt"],
    make: "connectAsync",
    construct: false,
    serve: "subscribeAsync",
    drains: mqttDrains,
  },
  {
    ...consumer,
    name: "Pub/Sub subscription",
    modules: ["@google-cloud/pubsub"],
    make: "PubSub.subscription",
    construct: true,
    serve: "on",
    drains: [{ method: "close", style: "promise-or-callback" }],
  },
  {
    ...consumer,
    name: "Service Bus receiver",
    modules: ["@azure/service-bus"],
    make: "ServiceBusClient.createReceiver",
    construct: true,
    serve: "subscribe",
    drains: closePromise,
  },
  {
    ...consumer,
    name: "Temporal worker",
    modules: ["@temporalio/worker"],
    make: "Worker.create",
    construct: false,
    serve: "run",
    drains: [{ method: "shutdown", style: "fire-and-forget" }],
    signals: { events: ["SIGINT", "SIGTERM", "SIGQUIT", "SIGUSR2"], exits: false, unless: "shutdownSignals" },
  },
  {
    name: "Inngest worker",
    kind: "consumer",
    modules: ["inngest/connect"],
    make: "connect",
    construct: false,
    drains: closePromise,
    signals: { events: ["SIGINT", "SIGTERM"], exits: false, unless: "handleShutdownSignals" },
  },
];
