/**
 * The modules that instrumentations patch when they are loaded, and that they miss when those were loaded before. Read from the
 * `InstrumentationNodeModuleDefinition`s of the packages (instrumentations of July 2026, dd-trace 5, newrelic 13, elastic-apm-node 4).
 * Modules of Node itself are left out: they are patched in place when anybody requires them again.
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
  PrismaInstrumentation: ["@prisma/client"],
  WinstonInstrumentation: ["winston"],
};

/** What `getNodeAutoInstrumentations()` patches. */
export const autoInstrumented: readonly string[] = Object.entries(instrumentedBy).flatMap(
  ([name, modules]) => (/^(Typeorm|Prisma|Fastify)/.test(name) ? [] : modules),
);

/** What agents and SDKs patch by themselves, by the package that is imported. */
export const instrumentedByPackage: readonly {
  packages: readonly string[];
  /** First version of which this is true; of every version without it. */
  since?: string;
  /** Only when its spans are asked for: one of these options stands in the call that starts it. */
  onlyWith?: readonly string[];
  /** Hooks the loading of modules when it is loaded itself, before it is started. */
  onLoad?: true;
  modules: readonly string[];
}[] = [
  {
    // https://docs.sentry.io/platforms/javascript/guides/node/: since 8 everything is patched by OpenTelemetry instrumentations
    packages: ["@sentry/node", "@sentry/nestjs", "@sentry/bun"],
    since: ">=8",
    onlyWith: ["tracesSampleRate", "tracesSampler"],
    modules: [
      "express",

      "koa",
      "@hapi/hapi",
      "connect",
      "@nestjs/core",
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
    ],
  },
  {
    packages: ["dd-trace"],
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
