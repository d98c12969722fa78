/**
 * OpenTelemetry: API, SDKs, exporters and the distributions that are a thin cover over NodeSDK.
 *
 * Read in @opentelemetry/api 1.10.0, api-logs 0.223.1, sdk-node 0.223.0 and 0.57.2, sdk-trace 2.11.0, sdk-trace-base 2.12.1,
 * sdk-trace-node 2.12.0, sdk-metrics 2.12.1, sdk-logs 0.223.1, auto-instrumentations-node 0.81.2. Measured: a natural end, an
 * exit and a crash each lose what batch processors and periodic readers hold; no listener of any kind is installed, but for
 * auto-instrumentations-node/register (flushes at SIGTERM without ending the process, and at beforeExit).
 */
import type { Vendor } from "../schema.js";
import {
  adder,
  batchLogRecordProcessor,
  batchSpanProcessor,
  localExporter,
  logger,
  loggerProvider,
  meter,
  meterProvider,
  metricReader,
  nodeSdk,
  noopSpanProcessor,
  proxyTracerProvider,
  recorder,
  simpleLogRecordProcessor,
  simpleSpanProcessor,
  span,
  startedSdk,
  tracer,
  tracerProvider,
  unregisteredTracerProvider,
} from "./opentelemetry-classes.js";
import { opentelemetryDistributions } from "./opentelemetry-distributions.js";
import { opentelemetryExporters } from "./opentelemetry-exporters.js";

const spanParts = {
  BatchSpanProcessor: batchSpanProcessor,
  SimpleSpanProcessor: simpleSpanProcessor,
  NoopSpanProcessor: noopSpanProcessor,
  ConsoleSpanExporter: localExporter,
  InMemorySpanExporter: localExporter,
};

export const opentelemetry: Vendor = {
  name: "OpenTelemetry",
  ambient: true,
  buffering: "batch",
  naturalEndDelivers: false,
  capturesCrashes: false,
  crash: { reporter: false, hears: [], tell: "span.recordException(%)" },
  packages: [
    {
      specifiers: ["@opentelemetry/api"],
      exports: {
        "trace.setGlobalTracerProvider": {
          kind: "function",
          role: "start",
          style: "sync",
          handleArgument: 0,
        },
        "trace.getTracerProvider": { kind: "factory", returns: "ProxyTracerProvider" },
        "trace.getTracer": { kind: "factory", returns: "Tracer" },
        "metrics.setGlobalMeterProvider": {
          kind: "function",
          role: "start",
          style: "sync",
          handleArgument: 0,
        },
        "metrics.getMeterProvider": { kind: "factory", returns: "@opentelemetry/sdk-metrics#MeterProvider" },
        "metrics.getMeter": { kind: "factory", returns: "Meter" },
        "logs.setGlobalLoggerProvider": { kind: "function", role: "start", style: "sync", handleArgument: 0 },
        "logs.getLoggerProvider": { kind: "factory", returns: "@opentelemetry/sdk-logs#LoggerProvider" },
        "logs.getLogger": { kind: "factory", returns: "@opentelemetry/api-logs#Logger" },
        ProxyTracerProvider: proxyTracerProvider,
        Tracer: tracer,
        Span: span,
        Meter: meter,
        Counter: adder,
        UpDownCounter: adder,
        Histogram: recorder,
        Gauge: recorder,
      },
    },
    {
      specifiers: ["@opentelemetry/api-logs"],
      exports: {
        "logs.setGlobalLoggerProvider": { kind: "function", role: "start", style: "sync", handleArgument: 0 },
        "logs.getLoggerProvider": { kind: "factory", returns: "@opentelemetry/sdk-logs#LoggerProvider" },
        "logs.getLogger": { kind: "factory", returns: "Logger" },
        Logger: logger,
      },
    },
    {
      specifiers: ["@opentelemetry/sdk-node"],
      exports: {
        NodeSDK: nodeSdk,
        startNodeSDK: { kind: "function", role: "start", style: "sync", returns: "StartedNodeSDK" },
        StartedNodeSDK: startedSdk,
        "api.trace.setGlobalTracerProvider": {
          kind: "function",
          role: "start",
          style: "sync",
          handleArgument: 0,
        },
        "api.trace.getTracerProvider": { kind: "factory", returns: "@opentelemetry/api#ProxyTracerProvider" },
        "api.trace.getTracer": { kind: "factory", returns: "@opentelemetry/api#Tracer" },
        "api.metrics.setGlobalMeterProvider": {
          kind: "function",
          role: "start",
          style: "sync",
          handleArgument: 0,
        },
        "api.metrics.getMeterProvider": {
          kind: "factory",
          returns: "@opentelemetry/sdk-metrics#MeterProvider",
        },
        "api.metrics.getMeter": { kind: "factory", returns: "@opentelemetry/api#Meter" },
        "node.NodeTracerProvider": tracerProvider,
        "node.BasicTracerProvider": tracerProvider,
        "node.BatchSpanProcessor": batchSpanProcessor,
        "node.SimpleSpanProcessor": simpleSpanProcessor,
        "node.ConsoleSpanExporter": localExporter,
        "node.InMemorySpanExporter": localExporter,
        "tracing.BasicTracerProvider": tracerProvider,
        "tracing.BatchSpanProcessor": batchSpanProcessor,
        "tracing.SimpleSpanProcessor": simpleSpanProcessor,
        "tracing.NoopSpanProcessor": noopSpanProcessor,
        "tracing.ConsoleSpanExporter": localExporter,
        "tracing.InMemorySpanExporter": localExporter,
        "metrics.MeterProvider": meterProvider,
        "metrics.MetricReader": metricReader,
        "metrics.PeriodicExportingMetricReader": metricReader,
        "metrics.ConsoleMetricExporter": localExporter,
        "metrics.InMemoryMetricExporter": localExporter,
        "logs.LoggerProvider": loggerProvider,
        "logs.BatchLogRecordProcessor": batchLogRecordProcessor,
        "logs.SimpleLogRecordProcessor": simpleLogRecordProcessor,
        "logs.ConsoleLogRecordExporter": localExporter,
        "logs.InMemoryLogRecordExporter": localExporter,
      },
    },
    {
      specifiers: ["@opentelemetry/sdk-trace"],
      exports: { TracerProvider: unregisteredTracerProvider, ...spanParts },
    },
    {
      specifiers: ["@opentelemetry/sdk-trace-base", "@opentelemetry/tracing"],
      exports: { BasicTracerProvider: tracerProvider, ...spanParts },
    },
    {
      specifiers: ["@opentelemetry/sdk-trace-node"],
      exports: { NodeTracerProvider: tracerProvider, BasicTracerProvider: tracerProvider, ...spanParts },
    },
    { specifiers: ["@opentelemetry/node"], exports: { NodeTracerProvider: tracerProvider } },
    {
      specifiers: ["@opentelemetry/sdk-metrics", "@opentelemetry/sdk-metrics-base"],
      exports: {
        MeterProvider: meterProvider,
        MetricReader: metricReader,
        PeriodicExportingMetricReader: metricReader,
        ConsoleMetricExporter: localExporter,
        InMemoryMetricExporter: localExporter,
      },
    },
    {
      specifiers: ["@opentelemetry/sdk-logs"],
      exports: {
        LoggerProvider: loggerProvider,
        BatchLogRecordProcessor: batchLogRecordProcessor,
        SimpleLogRecordProcessor: simpleLogRecordProcessor,
        ConsoleLogRecordExporter: localExporter,
        InMemoryLogRecordExporter: localExporter,
      },
    },
    {
      specifiers: ["@opentelemetry/auto-instrumentations-node/register"],
      startsOnImport: true,
      naturalEndDelivers: true,
      endings: [
        { event: "SIGTERM", exits: false },
        { event: "beforeExit", exits: false },
      ],
      exports: {},
    },
    ...opentelemetryExporters,
    ...opentelemetryDistributions,
  ],
};
