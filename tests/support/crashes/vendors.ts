import type { ReceiverName, Signal } from "../../../src/prove/receivers/protocol.js";

/** How programs of a vendor look: what they start, and what a repair by hand writes. */
export interface CrashVendor {
  name: string;
  receiver: ReceiverName;
  /** What an error arrives as. */
  signal: Signal;
  /** Dependencies of the program. */
  packages: string[];
  /** `telemetry.mjs` that starts the SDK with its defaults. */
  telemetry: string;
  /** The same with its hearing of crashes switched off; absent where it hears none. */
  deaf?: string;
  /** Imports for `reports` and `sends`, as far as the file has them not. */
  imports: string[];
  /** What the program records before it fails, and needs a flush. */
  records?: { imports: string[]; statement: string; spans: string[] };
  /** Statements that tell the SDK of `error`, and need not wait. */
  captures?: string[];
  /** Statements that tell the SDK of `error`; absent `captures` are the same. */
  reports: string[];
  /** Statement that waits until it is sent; absent where `reports` do. */
  sends?: string;
}

const inTwoSeconds = "new Promise((resolve) => setTimeout(resolve, 2000).unref())";

const sentry: CrashVendor = {
  name: "Sentry",
  receiver: "sentry",
  signal: "events",
  packages: ["@sentry/node"],
  telemetry: `import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env.SENTRY_DSN });
`,
  deaf: `import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env.SENTRY_DSN, defaultIntegrations: false });
`,
  imports: [`import * as Sentry from "@sentry/node";`],
  reports: ["Sentry.captureException(error);"],
  sends: "await Sentry.close(2000);",
};

const openTelemetry: CrashVendor = {
  name: "OpenTelemetry",
  receiver: "otlp-http-protobuf",
  signal: "exceptions",
  packages: ["@opentelemetry/api", "@opentelemetry/sdk-node"],
  telemetry: `import { NodeSDK } from "@opentelemetry/sdk-node";

export const sdk = new NodeSDK({ serviceName: "orders" });
sdk.start();
`,
  imports: [
    `import { SpanStatusCode, trace } from "@opentelemetry/api";`,
    `import { sdk } from "./telemetry.mjs";`,
  ],
  records: {
    imports: [`import { trace } from "@opentelemetry/api";`],
    statement: `trace.getTracer("orders").startSpan("start").end();`,
    spans: ["start"],
  },
  reports: [
    `const span = trace.getTracer("orders").startSpan("crash");`,
    "span.recordException(error);",
    "span.setStatus({ code: SpanStatusCode.ERROR });",
    "span.end();",
  ],
  sends: "await sdk.shutdown().catch(console.error);",
};

const applicationInsights: CrashVendor = {
  name: "Application Insights",
  receiver: "applicationinsights",
  signal: "exceptions",
  packages: ["applicationinsights"],
  telemetry: `import appInsights from "applicationinsights";

appInsights.setup().start();
`,
  deaf: `import appInsights from "applicationinsights";

appInsights.setup().setAutoCollectExceptions(false).start();
`,
  imports: [`import appInsights from "applicationinsights";`],
  reports: ["appInsights.defaultClient.trackException({ exception: error });"],
  sends: `await Promise.race([new Promise((resolve) => appInsights.defaultClient.flush({ callback: resolve })), ${inTwoSeconds}]);`,
};

const rollbar: CrashVendor = {
  name: "Rollbar",
  receiver: "rollbar",
  signal: "exceptions",
  packages: ["rollbar"],
  telemetry: `import Rollbar from "rollbar";

export const rollbar = new Rollbar({
  accessToken: process.env.ROLLBAR_ACCESS_TOKEN,
  endpoint: process.env.ROLLBAR_ENDPOINT,
});
`,
  imports: [`import { rollbar } from "./telemetry.mjs";`],
  reports: ["rollbar.error(error);"],
  sends: `await Promise.race([new Promise((resolve) => rollbar.wait(resolve)), ${inTwoSeconds}]);`,
};

const bugsnagOptions = `  apiKey: process.env.BUGSNAG_API_KEY,
  endpoints: {
    notify: process.env.BUGSNAG_NOTIFY_ENDPOINT,
    sessions: process.env.BUGSNAG_SESSIONS_ENDPOINT,
  },
`;

const bugsnag: CrashVendor = {
  name: "Bugsnag",
  receiver: "bugsnag",
  signal: "exceptions",
  packages: ["@bugsnag/js"],
  telemetry: `import Bugsnag from "@bugsnag/js";

Bugsnag.start({
${bugsnagOptions}});
`,
  deaf: `import Bugsnag from "@bugsnag/js";

Bugsnag.start({
${bugsnagOptions}  autoDetectErrors: false,
});
`,
  imports: [`import Bugsnag from "@bugsnag/js";`],
  captures: ["Bugsnag.notify(error);"],
  reports: [
    `await Promise.race([new Promise((resolve) => Bugsnag.notify(error, undefined, resolve)), ${inTwoSeconds}]);`,
  ],
};

export const vendors = { sentry, openTelemetry, applicationInsights, rollbar, bugsnag };
