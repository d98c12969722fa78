/**
 * Sentry and its family of server packages, the old `raven` included.
 *
 * Read in @sentry/node 10.78.0 and 11.12.0, node-core 10.78.0, nestjs, aws-serverless, google-cloud-serverless, cloudflare,
 * hono 10.75.2, deno, remix, astro, nuxt, react-router 10.75, nextjs 10.78.0, bun 10.76.2, solidstart 10.58.0, electron 7.20.2 and 4.8.0,
 * serverless 7.120.4, raven 2.6.4. Measured with @sentry/node 10 and 11: a capture followed by an exit is lost, a natural end
 * and an uncaught throw deliver, `flush` and `close` never reject, give a boolean and wait without end when no time limit is given.
 * Listeners, read in @sentry/node 10.78.0 and 11.12.0, bun 11.8.0, electron 7.20.2, raven 2.6.4: an uncaught error closes for 2 s,
 * then exits with 1 while no other listener is there (beside one it only captures); `beforeExit` sends logs, metrics and reports;
 * an unhandled rejection is captured and the process goes on; SIGTERM is listened to on Vercel only. Electron shows a dialog.
 * @snapshot-labs/snapshot-sentry 4.0.0 wraps @sentry/node and hands it on as `Sentry` (from 3.1); it has no flush of its own and
 * exits after an unhandled rejection was sent.
 * Packages for the browser only (@sentry/browser, react, vue, gatsby, ...) are left out on purpose.
 */
import type { CallFacts, EndingFacts, ExportFacts, PackageFacts, Vendor } from "../schema.js";
import {
  crash,
  crash7,
  crash8,
  crashAtTheEdge,
  crashOfDeno,
  crashOfElectron,
  crashOfHono,
  crashOfSnapshot,
  raven1Crash,
  ravenCrash,
} from "./sentry-crash.js";

const capture: CallFacts = { role: "capture", style: "fire-and-forget" };
const flush: CallFacts = {
  role: "flush",
  style: "promise",
  timeout: { argument: 0, unit: "ms", defaultMillis: null },
  resolves: "boolean",
};
const close: CallFacts = {
  role: "close",
  style: "promise",
  timeout: { argument: 0, unit: "ms", defaultMillis: null },
  resolves: "boolean",
};
const init: ExportFacts = {
  kind: "function",
  role: "start",
  style: "sync",
  returns: "@sentry/node#NodeClient",
};

const captures: Record<string, CallFacts> = {
  captureException: capture,
  captureMessage: capture,
  captureEvent: capture,
};

const client: ExportFacts = {
  kind: "class",
  construct: "start",
  part: "client",
  members: {
    ...captures,
    captureCheckIn: capture,
    init: { role: "start", style: "sync" },
    flush,
    close,
  },
};

const scope: ExportFacts = {
  kind: "class",
  construct: "create",
  members: {
    ...captures,
    getClient: { type: "@sentry/node#NodeClient", call: true },
    clone: { type: "@sentry/node#Scope", call: true },
  },
};

const hub: ExportFacts = {
  kind: "class",
  construct: "create",
  members: {
    ...captures,
    getClient: { type: "@sentry/node#NodeClient", call: true },
    getScope: { type: "@sentry/node#Scope", call: true },
  },
};

/** Without the start. A name that one package of the family lacks cannot be imported from it, so one table serves all. */
const common: Record<string, ExportFacts> = {
  flush: { kind: "function", ...flush },
  close: { kind: "function", ...close },
  captureException: { kind: "function", ...capture },
  captureMessage: { kind: "function", ...capture },
  captureEvent: { kind: "function", ...capture },
  captureCheckIn: { kind: "function", ...capture },
  captureFeedback: { kind: "function", ...capture },
  captureUserFeedback: { kind: "function", ...capture },
  getClient: { kind: "factory", returns: "@sentry/node#NodeClient" },
  getCurrentHub: { kind: "factory", returns: "@sentry/node#Hub" },
  getCurrentScope: { kind: "factory", returns: "@sentry/node#Scope" },
  getIsolationScope: { kind: "factory", returns: "@sentry/node#Scope" },
  getGlobalScope: { kind: "factory", returns: "@sentry/node#Scope" },
  NodeClient: client,
  Scope: scope,
  Hub: hub,
};

const started: Record<string, ExportFacts> = { ...common, init, initWithoutDefaultIntegrations: init };

const nodeEndings: EndingFacts[] = [
  { event: "uncaughtException", exits: true, alone: true },
  { event: "beforeExit", exits: false },
];

const nodeEndings7: EndingFacts[] = [
  { event: "uncaughtException", exits: true },
  { event: "beforeExit", exits: false },
];

const olderNode: PackageFacts["majors"] = [
  {
    range: "<8",
    note: "getCurrentHub and Hub exist; captureFeedback is captureUserFeedback; initWithoutDefaultIntegrations does not exist; an uncaught error ends the process beside other listeners too",
    endings: nodeEndings7,
    crash: crash7,
  },
  { range: "<9", note: "the error of a worker thread leaves a breadcrumb only", crash: crash8 },
];

export const sentry: Vendor = {
  name: "Sentry",
  ambient: false,
  buffering: "immediate",
  naturalEndDelivers: true,
  capturesCrashes: true,
  crash,
  packages: [
    {
      specifiers: [
        "@sentry/node",
        "@sentry/node-core",
        "@sentry/node-core/light",
        "@sentry/nestjs",
        "@sentry/bun",
        "@sentry/remix",
        "@sentry/sveltekit",
        "@sentry/astro",
        "@sentry/nuxt",
        "@sentry/solidstart",
        "@sentry/react-router",
        "@sentry/tanstackstart-react",
      ],
      exports: started,
      endings: nodeEndings,
      majors: olderNode,
    },
    { specifiers: ["@sentry/deno"], exports: started, crash: crashOfDeno },
    { specifiers: ["@sentry/electron", "@sentry/electron/main"], exports: started, crash: crashOfElectron },
    { specifiers: ["@sentry/hono/node"], exports: started, endings: nodeEndings, crash: crashOfHono },
    {
      specifiers: ["@sentry/hono/bun"],
      exports: { ...started, sentry: { kind: "function", role: "start", style: "sync" } },
      endings: nodeEndings,
      crash: crashOfHono,
    },
    {
      specifiers: ["@sentry/hono/cloudflare"],
      exports: { ...common, sentry: { kind: "function", role: "start", style: "sync" } },
      capturesCrashes: false,
      crash: crashAtTheEdge,
    },
    {
      specifiers: ["@sentry/node/init", "@sentry/node-core/init"],
      startsOnImport: true,
      endings: nodeEndings,
      majors: olderNode,
      exports: {},
    },
    {
      specifiers: ["@sentry/nextjs"],
      endings: nodeEndings,
      majors: olderNode,
      exports: {
        ...started,
        captureRequestError: { kind: "function", ...capture },
        captureUnderscoreErrorException: { kind: "function", role: "flush", style: "promise" },
      },
    },
    {
      specifiers: ["@sentry/aws-serverless", "@sentry/google-cloud-serverless"],
      endings: nodeEndings,
      majors: olderNode,
      exports: started,
    },
    { specifiers: ["@sentry/aws-serverless/awslambda-auto"], startsOnImport: true, exports: {} },
    {
      specifiers: ["@sentry/serverless"],
      crash: crash7,
      exports: {
        ...started,
        "AWSLambda.init": init,
        "AWSLambda.flush": { kind: "function", ...flush },
        "AWSLambda.close": { kind: "function", ...close },
        "AWSLambda.captureException": { kind: "function", ...capture },
        "AWSLambda.captureMessage": { kind: "function", ...capture },
        "AWSLambda.captureEvent": { kind: "function", ...capture },
        "AWSLambda.captureCheckIn": { kind: "function", ...capture },
        "GCPFunction.init": init,
      },
    },
    {
      specifiers: ["@sentry/cloudflare", "@sentry/cloudflare/request"],
      exports: {
        ...common,
        withSentry: { kind: "function", role: "start", style: "sync" },
        CloudflareClient: client,
      },
      capturesCrashes: false,
      crash: crashAtTheEdge,
    },
    {
      specifiers: ["@snapshot-labs/snapshot-sentry"],
      endings: [...nodeEndings, { event: "unhandledRejection", exits: true }],
      crash: crashOfSnapshot,
      exports: {
        initLogger: { kind: "function", role: "start", style: "sync" },
        capture: { kind: "function", ...capture },
        "Sentry.init": init,
        "Sentry.flush": { kind: "function", ...flush },
        "Sentry.close": { kind: "function", ...close },
        "Sentry.captureException": { kind: "function", ...capture },
        "Sentry.captureMessage": { kind: "function", ...capture },
        "Sentry.getClient": { kind: "factory", returns: "@sentry/node#NodeClient" },
      },
    },
    {
      specifiers: ["raven"],
      endings: [{ event: "uncaughtException", exits: true }],
      crash: ravenCrash,
      majors: [
        {
          range: "<2",
          note: "an uncaught error is captured and the process goes on",
          endings: [{ event: "uncaughtException", exits: false }],
          crash: raven1Crash,
        },
      ],
      exports: {
        config: { kind: "function", role: "create", style: "sync", returns: "Client" },
        install: { kind: "function", role: "start", style: "sync", returns: "Client" },
        uninstall: { kind: "function", role: "drop", style: "sync" },
        captureException: { kind: "function", role: "capture", style: "callback", callback: { argument: 2 } },
        captureMessage: { kind: "function", role: "capture", style: "callback", callback: { argument: 2 } },
        Client: {
          kind: "class",
          construct: "create",
          part: "client",
          members: {
            config: { role: "create", style: "sync", returns: "Client" },
            install: { role: "start", style: "sync", returns: "Client" },
            uninstall: { role: "drop", style: "sync" },
            captureException: { role: "capture", style: "callback", callback: { argument: 2 } },
            captureMessage: { role: "capture", style: "callback", callback: { argument: 2 } },
          },
        },
      },
    },
  ],
};
