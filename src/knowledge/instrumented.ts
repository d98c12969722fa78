/**
 * The modules that instrumentations patch when they are loaded, and that they miss when those were loaded before. Read from the
 * `InstrumentationNodeModuleDefinition`s of the packages (instrumentations of July 2026, dd-trace 5, newrelic 13, elastic-apm-node 4).
 * Modules of Node itself are left out: they are patched in place when anybody requires them again. So is `@prisma/client`:
 * `PrismaInstrumentation` sets a global that the client asks at each query, whenever it was loaded (@prisma/instrumentation 6).
 */

/** By the class of an OpenTelemetry instrumentation. */
export const instrumentedBy: Readonly<Record<string, readonly string[]>> = {
  AmqplibInstrumentation: ["amqplib"],
  AwsInstrumentation: ["aws-sdk", "@aws-sdk/*", "@smithy/*"],
  BunyanInstrumentation: ["bunyan"],
  CassandraDriverInstrumentation: ["cassandra-driver"],
  ConnectInstrumentation: ["connect"],
  ExpressInstrumentation: ["express"],
  FastifyInstrumentation: ["fastify"],
  GraphQLInstrumentation: ["graphql"],
  GrpcInstrumentation: ["@grpc/grpc-js"],
  HapiInstrumentation: ["@hapi/hapi"],
  IORedisInstrumentation: ["ioredis"],
  KafkaJsInstrumentation: ["kafkajs"],
  KnexInstrumentation: ["knex"],
  KoaInstrumentation: ["koa", "@koa/router"],
  MemcachedInstrumentation: ["memcached"],
  MongoDBInstrumentation: ["mongodb"],
  MongooseInstrumentation: ["mongoose"],
  MySQLInstrumentation: ["mysql"],
  MySQL2Instrumentation: ["mysql2"],
  NestInstrumentation: ["@nestjs/core"],
  OpenAIInstrumentation: ["openai"],
  OracleInstrumentation: ["oracledb"],
  PgInstrumentation: ["pg", "pg-pool"],
  PinoInstrumentation: ["pino"],
  RedisInstrumentation: ["redis", "@redis/client"],
  RestifyInstrumentation: ["restify"],
  RouterInstrumentation: ["router"],
  SocketIoInstrumentation: ["socket.io"],
  TediousInstrumentation: ["tedious"],
  TypeormInstrumentation: ["typeorm"],
  WinstonInstrumentation: ["winston"],
};

/** What `getNodeAutoInstrumentations()` patches. */
export const autoInstrumented: readonly string[] = Object.entries(instrumentedBy).flatMap(
  ([name, modules]) => (/^(Typeorm|Fastify)/.test(name) ? [] : modules),
);

/**
 * What `getAutoPerformanceIntegrations()` of @sentry/node asks for by itself, read in 8.0.0, 8.55.0, 9.0.0, 9.47.1, 10.0.0, 10.30.0 and
 * 10.78.0: knex, dataloader and fs are patched only where `integrations` lists them, Nest by @sentry/nestjs alone since 9.
 */
const bySentry: readonly string[] = [
  "express",
  "koa",
  "@hapi/hapi",
  "connect",
  "graphql",
  "mongodb",
  "mongoose",
  "mysql",
  "mysql2",
  "pg",
  "ioredis",
  "redis",
  "kafkajs",
  "amqplib",
  "tedious",
];
const bySentryForNest: readonly string[] = [...bySentry, "@nestjs/core"];

/** What agents and SDKs patch by themselves, by the package that is imported; the first row that fits holds. */
export const instrumentedByPackage: readonly {
  packages: readonly string[];
  /** Versions of which this is true; of every version without it. */
  since?: string;
  before?: string;
  /** Only when its spans are asked for: one of these options stands in the call that starts it. */
  onlyWith?: readonly string[];
  /** Leaves spans to another SDK when this option of the call that starts it is true. */
  leftBy?: string;
  /** Patches nothing but what `use()` names when this option of the call that starts it is false. */
  offBy?: string;
  /** Hooks the loading of modules when it is loaded itself, before it is started. */
  onLoad?: true;
  modules: readonly string[];
}[] = [
  {
    // https://docs.sentry.io/platforms/javascript/guides/node/: since 8 everything is patched by OpenTelemetry instrumentations
    packages: ["@sentry/nestjs"],
    since: ">=8",
    onlyWith: ["tracesSampleRate", "tracesSampler"],
    leftBy: "skipOpenTelemetrySetup",
    modules: bySentryForNest,
  },
  {
    packages: ["@sentry/node"],
    since: ">=8",
    before: "<9",
    onlyWith: ["tracesSampleRate", "tracesSampler"],
    leftBy: "skipOpenTelemetrySetup",
    modules: bySentryForNest,
  },
  {
    packages: ["@sentry/node", "@sentry/bun"],
    since: ">=8",
    onlyWith: ["tracesSampleRate", "tracesSampler"],
    leftBy: "skipOpenTelemetrySetup",
    modules: bySentry,
  },
  {
    // docs of `plugins`: false switches every automatic instrumentation off
    packages: ["dd-trace"],
    offBy: "plugins",
    modules: [
      "express",
      "fastify",
      "koa",
      "@hapi/hapi",
      "connect",
      "router",
      "graphql",
      "mongodb",
      "mongoose",
      "mysql",
      "mysql2",
      "pg",
      "ioredis",
      "redis",
      "kafkajs",
      "amqplib",
      "knex",
      "tedious",
      "@grpc/grpc-js",
      "winston",
      "pino",
      "bunyan",
      "aws-sdk",
      "@elastic/elasticsearch",
      "memcached",
      "restify",
      "openai",
    ],
  },
  {
    packages: ["newrelic"],
    modules: [
      "express",
      "fastify",
      "koa",
      "@hapi/hapi",
      "connect",
      "restify",
      "@nestjs/core",
      "mongodb",
      "mysql",
      "mysql2",
      "pg",
      "ioredis",
      "redis",
      "kafkajs",
      "amqplib",
      "memcached",
      "winston",
      "pino",
      "bunyan",
      "@grpc/grpc-js",
      "aws-sdk",
      "openai",
    ],
  },
  {
    packages: ["elastic-apm-node"],
    modules: [
      "express",
      "fastify",
      "koa",
      "@hapi/hapi",
      "restify",
      "graphql",
      "mongodb",
      "mysql",
      "mysql2",
      "pg",
      "ioredis",
      "redis",
      "kafkajs",
      "knex",
      "tedious",
      "memcached",
      "cassandra-driver",
      "@elastic/elasticsearch",
      "aws-sdk",
      "ws",
    ],
  },
  {
    // https://github.com/microsoft/node-diagnostic-channel: loading the package puts the hooks in place
    packages: ["applicationinsights"],
    onLoad: true,
    modules: ["bunyan", "winston", "mongodb", "mysql", "pg", "pg-pool", "redis", "tedious"],
  },
];

/**
 * What OpenTelemetry patches as a whole: imported by an ES module, it is patched by nothing but a hook of the loader. The others are
 * patched in files of their own, which they require. Measured with Node 20.20, 22.23 and 24.21, auto-instrumentations-node 0.81.
 */
export const hookedOnly: ReadonlySet<string> = new Set([
  "express",
  "koa",
  "@hapi/hapi",
  "ioredis",
  "kafkajs",
  "mongoose",
  "openai",
  "pino",
  "tedious",
  "cassandra-driver",
]);

/** The same for Sentry 8 to 10, started by a module that the program imports. Measured with 8.55, 9.47 and 10.78. */
export const hookedOnlyBySentry: ReadonlySet<string> = new Set([
  "express",
  "koa",
  "@hapi/hapi",
  "kafkajs",
  "tedious",
]);

/** Patched for their records alone: no span is made of them. */
export const loggers: ReadonlySet<string> = new Set(["winston", "pino", "bunyan"]);

/**
 * Who sends the records of a logger by itself (`application_logging.forwarding` of newrelic, on by default since 9; the loggers of
 * diagnostic-channel). Of the others the records only carry the ids of traces, unless a log SDK is set up beside it.
 */
export const recordSenders: ReadonlySet<string> = new Set(["New Relic", "Application Insights"]);

/** Packages that answer queries: whoever loads `graphql` without them, and calls none of `graphqlRunners`, only reads schemas. */
export const graphqlServers =
  /^(@apollo\/server|apollo-server[\w-]*|graphql-yoga|mercurius|express-graphql|koa-graphql|graphql-http|graphql-helix|@graphql-yoga\/[\w-]+|@envelop\/core|@nestjs\/(graphql|apollo|mercurius)|type-graphql|graphql-ws|subscriptions-transport-ws|postgraphile|@pothos\/core|nexus)(\/|$)/;
export const graphqlRunners: ReadonlySet<string> = new Set([
  "graphql",
  "graphqlSync",
  "execute",
  "executeSync",
  "subscribe",
]);
