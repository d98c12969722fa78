/** All tables in one place. */
import type { Vendor } from "./schema.js";
import { amplitude } from "./vendors/amplitude.js";
import { applicationInsights } from "./vendors/application-insights.js";
import { axiom } from "./vendors/axiom.js";
import { azureMonitor } from "./vendors/azure-monitor.js";
import { bugsnag } from "./vendors/bugsnag.js";
import { datadogMetrics } from "./vendors/datadog-metrics.js";
import { ddTrace } from "./vendors/dd-trace.js";
import { elasticApm } from "./vendors/elastic-apm.js";
import { errorReporting } from "./vendors/error-reporting.js";
import { highlight } from "./vendors/highlight.js";
import { honeybadger } from "./vendors/honeybadger.js";
import { hotShots } from "./vendors/hot-shots.js";
import { laminar } from "./vendors/laminar.js";
import { langfuse } from "./vendors/langfuse.js";
import { langsmith } from "./vendors/langsmith.js";
import { launchdarkly } from "./vendors/launchdarkly.js";
import { logtail } from "./vendors/logtail.js";
import { logtape } from "./vendors/logtape.js";
import { mixpanel } from "./vendors/mixpanel.js";
import { newrelic } from "./vendors/newrelic.js";
import { opentelemetry } from "./vendors/opentelemetry.js";
import { pino } from "./vendors/pino.js";
import { posthog } from "./vendors/posthog.js";
import { promClient } from "./vendors/prom-client.js";
import { pyroscope } from "./vendors/pyroscope.js";
import { rollbar } from "./vendors/rollbar.js";
import { rudderstack } from "./vendors/rudderstack.js";
import { segment } from "./vendors/segment.js";
import { sentry } from "./vendors/sentry.js";
import { statsig } from "./vendors/statsig.js";
import { traceloop } from "./vendors/traceloop.js";
import { winston } from "./vendors/winston.js";

export { exits } from "./exits.js";
export { lifecycleHooks, owners } from "./owners.js";
export * from "./process.js";

export const vendors: Vendor[] = [
  opentelemetry,
  sentry,
  posthog,
  segment,
  applicationInsights,
  azureMonitor,
  newrelic,
  ddTrace,
  amplitude,
  axiom,
  bugsnag,
  datadogMetrics,
  elasticApm,
  errorReporting,
  highlight,
  honeybadger,
  hotShots,
  laminar,
  langfuse,
  langsmith,
  launchdarkly,
  logtail,
  logtape,
  mixpanel,
  pino,
  promClient,
  pyroscope,
  rollbar,
  rudderstack,
  statsig,
  traceloop,
  winston,
];

/** Every module specifier behind which there is telemetry; one that ends in `/*` stands for all below it. */
export const telemetrySpecifiers: string[] = vendors.flatMap((vendor) =>
  vendor.packages.flatMap((facts) => facts.specifiers),
);
