/**
 * Platforms that run a function of the program for each event and stop, freeze or end the process when it has answered, and how a
 * program shows which of its functions those are.
 *
 * Read in the documentation of each platform and in @google-cloud/functions-framework 5.0.2, firebase-functions 7.2.2,
 * @azure/functions 4.16.2, @trigger.dev/sdk 4.5.4, next 16.2.1, @vercel/functions 3.7.1, @netlify/functions 5.2.1 and
 * @cloudflare/workers-types 4.
 */

export interface Platform {
  /** As a tired engineer calls it. */
  name: string;
  /** What it does when the function has answered; completes "and then ...". */
  then: string;
  /** The process goes on between invocations, so that a timer still sends what waits: reported in `strict` only. */
  goesOn?: true;
}

export const platforms = {
  lambda: { name: "AWS Lambda", then: "freezes the process" },
  vercel: { name: "Vercel", then: "freezes it" },
  netlify: { name: "Netlify", then: "freezes it" },
  workers: { name: "Cloudflare Workers", then: "cancels what nobody waits for" },
  // its timers and requests go on for as long as it is not evicted
  objects: { name: "Durable Objects", then: "may shut the object down", goesOn: true },
  google: { name: "Cloud Functions", then: "takes the CPU away" },
  azure: { name: "Azure Functions", then: "may end the process", goesOn: true },
  trigger: { name: "Trigger.dev", then: "ends or freezes the process" },
} as const satisfies Record<string, Platform>;

export type PlatformName = keyof typeof platforms;

/** A call of a package that takes the function (or the object of functions) which an event runs. */
export interface HandlerCall {
  platform: PlatformName;
  /** Exact specifiers, or everything below where it ends with `/*`. */
  modules: readonly string[];
  /** The exported path that is called. */
  path: RegExp;
  /** The functions are properties of the last argument; absent: the last argument that is a function. */
  properties?: readonly string[];
}

export const handlerCalls: readonly HandlerCall[] = [
  {
    platform: "google",
    modules: ["@google-cloud/functions-framework"],
    path: /^(?:default\.)?(?:http|cloudEvent)$/,
  },
  {
    platform: "google",
    modules: ["firebase-functions", "firebase-functions/*"],
    path: /(?:^|\.)(?:onRequest|onCall|onSchedule|onMessagePublished|onTaskDispatched|onDocument(?:Created|Updated|Deleted|Written)|onValue(?:Created|Updated|Deleted|Written)|onObjectFinalized|onRun|onPublish|onCreate|onUpdate|onDelete|onWrite|onFinalize)$/,
  },
  {
    platform: "azure",
    modules: ["@azure/functions"],
    path: /^app\.\w+$/,
    properties: ["handler"],
  },
  {
    platform: "trigger",
    modules: ["@trigger.dev/sdk", "@trigger.dev/sdk/*"],
    path: /^(?:task|schemaTask|schedules\.task)$/,
    properties: ["run"],
  },
];

/** Classes whose methods are invocations, by the package and exported name of what they extend. */
export const handlerClasses: readonly {
  platform: PlatformName;
  module: string;
  names: readonly string[];
  methods: readonly string[];
}[] = [
  {
    platform: "workers",
    module: "cloudflare:workers",
    names: ["WorkerEntrypoint"],
    methods: ["fetch", "scheduled", "queue", "email", "tail"],
  },
  {
    platform: "objects",
    module: "cloudflare:workers",
    names: ["DurableObject"],
    methods: ["fetch", "alarm"],
  },
];

/** Properties of the object that a Worker exports. */
export const workerHandlers: readonly string[] = ["fetch", "scheduled", "queue", "email", "tail"];

/** Modules whose import says that an exported `handler` is one of AWS Lambda. */
export const lambdaModules =
  /^(?:aws-lambda|@types\/aws-lambda|@aws-lambda-powertools\/[\w-]+|@middy\/core|middy|@sentry\/(?:aws-)?serverless|datadog-lambda-js|@aws-sdk\/client-lambda-types|hono\/(?:aws-lambda|lambda-edge)|serverless-http|@fastify\/aws-lambda|aws-lambda-fastify|aws-serverless-express|@(?:vendia|codegenie)\/serverless-express)$/;

/** Packages that make a handler out of the one that they are given and add nothing that flushes. */
export const transparentWrappers: readonly { modules: readonly string[]; path: RegExp }[] = [
  { modules: ["@middy/core"], path: /^default$/ },
  { modules: ["@netlify/functions"], path: /^(?:schedule|stream|builder)$/ },
];

/** The same among globals of the platform. */
export const transparentGlobals: readonly string[] = ["awslambda.streamifyResponse"];

/** Web frameworks whose apps platforms run, by their names in the tables of runners. */
export const servableApps: readonly string[] = [
  "express app",
  "hono app",
  "fastify app",
  "koa app",
  "koa router",
];

/** Calls that make a handler of a platform out of such an app: the app is the first argument, or its property `app`. */
export const appAdapters: readonly { modules: readonly string[]; path: RegExp }[] = [
  {
    modules: ["hono/aws-lambda", "hono/vercel", "hono/netlify", "hono/cloudflare-pages", "hono/lambda-edge"],
    path: /^(?:handle|streamHandle)$/,
  },
  { modules: ["serverless-http", "@fastify/aws-lambda", "aws-lambda-fastify"], path: /^default$/ },
  {
    modules: ["@vendia/serverless-express", "@codegenie/serverless-express"],
    path: /^(?:default|configure)$/,
  },
  { modules: ["aws-serverless-express"], path: /^(?:default\.)?(?:createServer|proxy)$/ },
];

/** Methods of HTTP that the file of a route exports. */
export const httpMethods: readonly string[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/** Files that a program of Next.js has for the platform to run, relative to its package. */
export const nextFiles = {
  route: /^(?:src\/)?app\/(?:.*\/)?route\.[jt]sx?$/,
  api: /^(?:src\/)?pages\/api\/.+\.[jt]sx?$/,
  middleware: /^(?:src\/)?(?:middleware|proxy)\.[jt]s$/,
} as const;

/** A file, or a function in one, with this directive at its head: clients call what it exports. */
export const serverAction = /^(?:\s|\/\/[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*["']use server["']/;

/** A framework whose files hold functions that run for each request, where the package of an adapter says on which platform. */
export interface FrameworkFiles {
  /** The package of the framework. */
  asked: RegExp;
  /** The adapters; one that is none of them is a server of its own, or may be. */
  adapters: readonly { asked: RegExp; platform: PlatformName | undefined }[];
  /** The file that loads the adapter in use, without its ending; where there is one, it decides among several. */
  config: string;
  /** Files whose functions run around all others, without an ending: a flush in one of them may be for all. */
  around: readonly string[];
  /** Relative to the package. `objects`: the export holds the functions as its properties, whatever their names. */
  files: readonly { path: RegExp; exports: readonly string[]; objects?: true }[];
}

/** What a file around all others says when it may wait for what they leave. */
export const waitsAround = /flush|shutdown|waitUntil/i;

export const frameworkFiles: readonly FrameworkFiles[] = [
  {
    asked: /^@sveltejs\/kit$/,
    config: "svelte.config",
    around: ["src/hooks.server"],
    adapters: [
      { asked: /^@sveltejs\/adapter-vercel$/, platform: "vercel" },
      { asked: /^@sveltejs\/adapter-netlify$/, platform: "netlify" },
      { asked: /^@sveltejs\/adapter-cloudflare(?:-workers)?$/, platform: "workers" },
      { asked: /^@sveltejs\/adapter-node$|^svelte-adapter-/, platform: undefined },
    ],
    files: [
      { path: /^src\/routes\/(?:.*\/)?\+server\.[jt]s$/, exports: httpMethods },
      { path: /^src\/routes\/(?:.*\/)?\+(?:page|layout)\.server\.[jt]s$/, exports: ["load"] },
      { path: /^src\/routes\/(?:.*\/)?\+page\.server\.[jt]s$/, exports: ["actions"], objects: true },
      { path: /^src\/hooks\.server\.[jt]s$/, exports: ["handleError"] },
    ],
  },
  {
    asked: /^@(?:remix-run|react-router)\/(?:node|cloudflare|dev|serve)$/,
    config: "vite.config",
    around: ["app/entry.server", "app/root", "server", "server/index", "workers/app"],
    adapters: [
      { asked: /^@vercel\/(?:remix|react-router)$/, platform: "vercel" },
      { asked: /^@netlify\/(?:remix-adapter|vite-plugin-react-router)$/, platform: "netlify" },
      { asked: /^@(?:remix-run|react-router)\/(?:cloudflare(?:-pages|-workers)?)$/, platform: "workers" },
      {
        asked: /^@(?:remix-run|react-router)\/(?:serve|express|architect)$|^remix-serve$/,
        platform: undefined,
      },
    ],
    files: [
      { path: /^app\/routes\/.+\.[jt]sx?$/, exports: ["loader", "action"] },
      { path: /^app\/root\.[jt]sx?$/, exports: ["loader", "action"] },
      { path: /^app\/entry\.server\.[jt]sx?$/, exports: ["handleError"] },
    ],
  },
  {
    asked: /^astro$/,
    config: "astro.config",
    around: ["src/middleware", "src/middleware/index"],
    adapters: [
      { asked: /^@astrojs\/vercel$/, platform: "vercel" },
      { asked: /^@astrojs\/netlify$/, platform: "netlify" },
      { asked: /^@astrojs\/cloudflare$/, platform: "workers" },
      { asked: /^@astrojs\/node$|^astro-/, platform: undefined },
    ],
    files: [{ path: /^src\/pages\/.+\.[jt]s$/, exports: [...httpMethods, "ALL"] }],
  },
];

/** Packages that only work, or only make sense, where Vercel or its like runs the program. */
export const vercelPackages =
  /^(?:@vercel\/(?:functions|analytics|speed-insights|edge|edge-config|toolbar|node)|@opennextjs\/\w+|@cloudflare\/next-on-pages|@netlify\/(?:plugin-nextjs|functions)|sst)$/;

/** What says that a program of Next.js runs as a server of its own. */
export const ownServer = {
  config: /output\s*:\s*["'`](?:standalone|export)["'`]/,
  start: /\b(?:node|tsx|ts-node|bun|pm2|pm2-runtime)\s+\S*(?:server|dist|build|index|main)/,
} as const;

/** Calls that keep the invocation alive until the promise that they are given settles; names only keep the analysis silent. */
export const keeperNames = /wait_?until|^(?:unstable_)?after$|^defer|keep_?alive|background/i;

/** A package that, once asked for, sends the spans of OpenTelemetry before each invocation ends. */
export const flushingPackages =
  /^(?:@vercel\/otel|@microlabs\/otel-cf-workers|@opentelemetry\/instrumentation-aws-lambda|@opentelemetry\/auto-instrumentations-node|@aws\/aws-distro-opentelemetry-node-autoinstrumentation|@sentry\/(?:nextjs|sveltekit|astro|nuxt|remix|cloudflare|aws-serverless|google-cloud-serverless)|@dynatrace\/.+|newrelic|dd-trace|datadog-lambda-js|@baselime\/.+|@serverless\/.+)$/;

/** Frameworks whose Sentry package wraps what they run, and waits for what it captured there. */
export const wrappedBySentry =
  /^@sentry\/(?:nextjs|sveltekit|astro|nuxt|remix|react-router|solidstart|tanstackstart-react|hono(?:\/.*)?)$/;

/**
 * What hands back an answer that streams while functions of the program still run: the wrapper of an SDK that flushes when the answer
 * begins comes too early for them. @sentry/cloudflare waits for the stream since 10.28.0 (read in its pull requests 18087 and 18334).
 */
export const streamedAnswers: readonly { modules: readonly string[]; path: RegExp; runs: string }[] = [
  {
    modules: ["agents/mcp"],
    path: /^(?:experimental_)?createMcpHandler$/,
    runs: "The tools of this MCP server run",
  },
];

export const waitsForStreams: Readonly<Record<string, string>> = { "@sentry/cloudflare": "<10.28" };

/** Clients that record what a framework tells them: nothing of the program's own shows that something was captured. */
export const selfRecording: readonly {
  module: string;
  exports: readonly string[];
  option: string;
  value: number;
  /** Words that say that somebody waits for it. */
  flushes: RegExp;
}[] = [
  {
    module: "langfuse-langchain",
    exports: ["CallbackHandler", "default"],
    option: "flushAt",
    value: 1,
    flushes: /\b(?:flushAsync|shutdownAsync|awaitAllCallbacks)\b/,
  },
];
