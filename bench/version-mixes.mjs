// The mixes of `src/knowledge/version-matrix.ts`, each beside versions that fit, for `version-matrix.mjs`.

const otel = "@opentelemetry/";
const api = { [`${otel}api`]: "1.9.0" };
const end = `
await sdk.shutdown().catch((error) => console.error("Error " + error.message));
process.exit();`;
const start = `process.on("uncaughtException", (error) => console.error(String(error)));
setTimeout(() => process.exit(), 8000);
`;
const span = `trace.getTracer("mix").startSpan("the-marker").end();`;

const traced = (exporter) => `import { trace } from "${otel}api";
import { NodeSDK } from "${otel}sdk-node";
import { OTLPTraceExporter } from "${exporter}";
${start}const sdk = new NodeSDK({ traceExporter: new OTLPTraceExporter(), instrumentations: [] });
sdk.start();
${span}${end}`;

const traceMix = (sdk, exporter, works, protocol = "http") => ({
  name: `sdk-node ${sdk} exporter-trace-otlp-${protocol} ${exporter}`,
  dependencies: {
    [`${otel}api`]: [sdk, exporter].some((version) => version.startsWith("0.3")) ? "1.10.0" : "1.9.0",
    [`${otel}sdk-node`]: sdk,
    [`${otel}exporter-trace-otlp-${protocol}`]: exporter,
  },
  program: traced(`${otel}exporter-trace-otlp-${protocol}`),
  marker: "the-marker",
  works,
});

const metricMix = (sdk, exporter, works) => ({
  name: `sdk-metrics ${sdk} exporter-metrics-otlp-http ${exporter}`,
  dependencies: { ...api, [`${otel}sdk-metrics`]: sdk, [`${otel}exporter-metrics-otlp-http`]: exporter },
  program: `import { MeterProvider, PeriodicExportingMetricReader } from "${otel}sdk-metrics";
import { OTLPMetricExporter } from "${otel}exporter-metrics-otlp-http";
const sdk = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })] });
sdk.getMeter("mix").createCounter("the-marker").add(1);${end}`,
  marker: "the-marker",
  works,
});

const resourceMix = (sdk, resources, works) => ({
  name: `sdk-node ${sdk} resources ${resources}`,
  dependencies: {
    ...api,
    [`${otel}sdk-node`]: sdk,
    [`${otel}exporter-trace-otlp-http`]: sdk,
    [`${otel}resources`]: resources,
  },
  program: `import { trace } from "${otel}api";
import { NodeSDK } from "${otel}sdk-node";
import { OTLPTraceExporter } from "${otel}exporter-trace-otlp-http";
import { resourceFromAttributes } from "${otel}resources";
const sdk = new NodeSDK({ resource: resourceFromAttributes({ a: "b" }), traceExporter: new OTLPTraceExporter() });
sdk.start();
${span}${end}`,
  marker: "the-marker",
  works,
});

const apiMix = (version, sdk, works) => ({
  ...traceMix(sdk, sdk, works),
  name: `api ${version} sdk-node ${sdk}`,
  dependencies: {
    [`${otel}api`]: version,
    [`${otel}sdk-node`]: sdk,
    [`${otel}exporter-trace-otlp-http`]: sdk,
  },
});

const langfuseMix = (langfuse, sdk, works) => ({
  name: `@langfuse/otel ${langfuse} sdk-node ${sdk}`,
  dependencies: { ...api, "@langfuse/otel": langfuse, [`${otel}sdk-node`]: sdk },
  program: `import { trace } from "${otel}api";
import { NodeSDK } from "${otel}sdk-node";
import { LangfuseSpanProcessor } from "@langfuse/otel";
${start}const processor = new LangfuseSpanProcessor({
  publicKey: "pk",
  secretKey: "sk",
  baseUrl: process.env.RECEIVER,
  shouldExportSpan: () => true,
});
const sdk = new NodeSDK({ spanProcessors: [processor] });
sdk.start();
${span}${end}`,
  marker: "the-marker",
  works,
});

const langfuseExporterMix = (langfuse, sdk, works) => ({
  name: `langfuse-vercel ${langfuse} sdk-node ${sdk}`,
  dependencies: { ...api, "langfuse-vercel": langfuse, [`${otel}sdk-node`]: sdk },
  program: `import { trace } from "${otel}api";
import { NodeSDK } from "${otel}sdk-node";
import { LangfuseExporter } from "langfuse-vercel";
${start}const sdk = new NodeSDK({
  traceExporter: new LangfuseExporter({ publicKey: "pk", secretKey: "sk", baseUrl: process.env.RECEIVER }),
});
sdk.start();
const attributes = { "ai.operationId": "ai.generateText", "operation.name": "ai.generateText", "ai.prompt": "{}" };
trace.getTracer("ai").startSpan("the-marker", { attributes }).end();${end}`,
  marker: "the-marker",
  works,
});

const vercelMix = (vercel, exporter, stable, experimental, works) => ({
  name: `@vercel/otel ${vercel} exporter-trace-otlp-http ${exporter}`,
  dependencies: {
    ...api,
    "@vercel/otel": vercel,
    [`${otel}api-logs`]: experimental,
    [`${otel}instrumentation`]: experimental,
    [`${otel}sdk-logs`]: experimental,
    [`${otel}resources`]: stable,
    [`${otel}sdk-metrics`]: stable,
    [`${otel}sdk-trace-base`]: stable,
    [`${otel}exporter-trace-otlp-http`]: exporter,
  },
  program: `import { trace } from "${otel}api";
import { OTLPTraceExporter } from "${otel}exporter-trace-otlp-http";
import { registerOTel } from "@vercel/otel";
const address = process.env.OTEL_EXPORTER_OTLP_ENDPOINT + "/v1/traces";
// by this variable it would send the spans itself as well
delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
registerOTel({ serviceName: "mix", traceExporter: new OTLPTraceExporter({ url: address }) });
${span}
await trace.getTracerProvider().getDelegate().forceFlush();
setTimeout(() => process.exit(), 1000);`,
  marker: "the-marker",
  works,
});

const sentryProcessorMix = (sentry, exporter, base, works) => ({
  name: `@sentry/node ${sentry} exporter-trace-otlp-http ${exporter}`,
  dependencies: {
    ...api,
    "@sentry/node": sentry,
    [`${otel}exporter-trace-otlp-http`]: exporter,
    [`${otel}sdk-trace-base`]: base,
  },
  program: `import * as Sentry from "@sentry/node";
import { OTLPTraceExporter } from "${otel}exporter-trace-otlp-http";
import { BatchSpanProcessor } from "${otel}sdk-trace-base";
import { trace } from "${otel}api";
Sentry.init({
  dsn: process.env.SENTRY_DSN,
  tracesSampleRate: 1,
  openTelemetrySpanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
${span}
await Sentry.close(3000);
process.exit();`,
  // Sentry gets the span in any case
  marker: "resourceSpans",
  works,
});

const sentryMix = (sentry, other, works) => ({
  name: `@sentry/node ${sentry} @sentry/opentelemetry ${other}`,
  dependencies: {
    ...api,
    "@sentry/node": sentry,
    "@sentry/opentelemetry": other,
    [`${otel}sdk-trace-node`]: sentry.startsWith("10.") ? "2.0.1" : "1.30.1",
  },
  program: `import * as Sentry from "@sentry/node";
import { SentryPropagator, SentrySampler, SentrySpanProcessor } from "@sentry/opentelemetry";
import { NodeTracerProvider } from "${otel}sdk-trace-node";
import { trace } from "${otel}api";
const client = Sentry.init({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 1, skipOpenTelemetrySetup: true });
const sdk = new NodeTracerProvider({
  sampler: new SentrySampler(client),
  spanProcessors: [new SentrySpanProcessor()],
});
sdk.register({ propagator: new SentryPropagator(), contextManager: new Sentry.SentryContextManager() });
${span}
await Sentry.flush(4000);
process.exit();`,
  marker: '"type":"transaction"',
  works,
});

const profilingMix = (sentry, profiling, works) => ({
  name: `@sentry/node ${sentry} @sentry/profiling-node ${profiling}`,
  dependencies: { "@sentry/node": sentry, "@sentry/profiling-node": profiling },
  program: `import * as Sentry from "@sentry/node";
import { nodeProfilingIntegration } from "@sentry/profiling-node";
Sentry.init({
  dsn: process.env.SENTRY_DSN,
  tracesSampleRate: 1,
  profilesSampleRate: 1,
  integrations: [nodeProfilingIntegration()],
});
Sentry.startSpan({ name: "work" }, () => {
  for (const since = Date.now(); Date.now() - since < 400; );
});
await Sentry.flush(4000);
process.exit();`,
  marker: '"type":"profile"',
  works,
});

const datadogMix = (datadog, version, works) => ({
  name: `dd-trace ${datadog} api ${version}`,
  dependencies: { "dd-trace": datadog, [`${otel}api`]: version },
  program: `import { trace } from "${otel}api";
// Datadog obeys this one too
delete process.env.OTEL_TRACES_EXPORTER;
const { default: tracer } = await import("dd-trace");
tracer.init({ startupLogs: false, flushInterval: 100 });
const provider = new tracer.TracerProvider();
provider.register();
${span}
setTimeout(() => process.exit(), 2000);`,
  marker: "the-marker",
  works,
});

/** Each mix with what has to come of it. */
export const mixes = [
  traceMix("0.57.2", "0.203.0", false),
  traceMix("0.57.2", "0.301.0", false),
  traceMix("0.45.1", "0.203.0", false, "proto"),
  traceMix("0.203.0", "0.57.2", false),
  traceMix("0.301.0", "0.57.2", false),
  traceMix("0.57.2", "0.57.2", true),
  traceMix("0.203.0", "0.223.0", true),
  traceMix("0.223.0", "0.301.0", true),
  metricMix("1.30.1", "0.203.0", false),
  metricMix("2.0.1", "0.57.2", false),
  metricMix("2.0.1", "0.203.0", true),
  metricMix("2.0.1", "0.35.1", true),
  resourceMix("0.57.2", "2.0.1", false),
  resourceMix("0.203.0", "2.0.1", true),
  apiMix("1.2.0", "0.57.2", false),
  apiMix("1.3.0", "0.57.2", true),
  apiMix("1.9.0", "0.301.0", false),
  apiMix("1.10.0", "0.301.0", true),
  langfuseMix("4.0.0", "0.57.2", false),
  langfuseMix("4.0.0", "0.203.0", true),
  langfuseExporterMix("3.37.0", "0.203.0", false),
  langfuseExporterMix("3.38.4", "0.203.0", true),
  vercelMix("1.13.0", "0.203.0", "1.30.1", "0.57.2", false),
  vercelMix("1.13.0", "0.57.2", "1.30.1", "0.57.2", true),
  vercelMix("2.1.3", "0.57.2", "2.0.1", "0.203.0", false),
  sentryProcessorMix("9.40.0", "0.203.0", "2.0.1", false),
  sentryProcessorMix("9.40.0", "0.57.2", "1.30.1", true),
  sentryProcessorMix("10.0.0", "0.57.2", "1.30.1", false),
  sentryProcessorMix("10.0.0", "0.203.0", "2.0.1", true),
  sentryMix("9.40.0", "8.55.0", false),
  sentryMix("10.0.0", "10.75.0", false),
  sentryMix("10.0.0", "10.0.0", true),
  profilingMix("9.40.0", "8.55.0", false),
  profilingMix("9.40.0", "9.40.0", true),
  datadogMix("5.60.0", "1.9.0", false),
  datadogMix("5.60.0", "1.8.0", true),
];
