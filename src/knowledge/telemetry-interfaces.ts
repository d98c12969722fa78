/**
 * The interfaces of OpenTelemetry whose implementations wrap each other, and what the SDK calls on them. Read in
 * `@opentelemetry/sdk-trace-base` 1.30.1 and 2.12.1, `sdk-logs` 0.57.2 and 0.223.1, `sdk-metrics` 1.30.1 and 2.12.1.
 */
export interface InterfaceFacts {
  /** What it is called in a sentence. */
  noun: string;
  /** The interface, and a class that has it for a base. */
  names: readonly string[];
  /** The method that takes the data; a class of the program that has it and what else is `known` by implements the interface. */
  takes: string;
  knownBy: readonly string[];
  /** The methods by which one implementation hands data to another. */
  forwards: readonly string[];
  /** Ends it: what is still held has to be sent. */
  closes: string;
  /** Sends what is held. */
  flushes: string;
  /**
   * How much depends on the flush. `data`: a flush of the provider comes here, and what is held further in is not sent without.
   * `little`: the data was handed over before, and only a processor that holds nothing asks.
   */
  flush: "data" | "little";
}

export const telemetryInterfaces: readonly InterfaceFacts[] = [
  {
    // `BasicTracerProvider.forceFlush` and `.shutdown` call both on every processor
    noun: "span processor",
    names: ["SpanProcessor"],
    takes: "onEnd",
    knownBy: ["onStart"],
    forwards: ["onEnd", "export"],
    closes: "shutdown",
    flushes: "forceFlush",
    flush: "data",
  },
  {
    noun: "log record processor",
    names: ["LogRecordProcessor"],
    takes: "onEmit",
    knownBy: [],
    forwards: ["onEmit", "export"],
    closes: "shutdown",
    flushes: "forceFlush",
    flush: "data",
  },
  {
    // `BatchSpanProcessor` and `BatchLogRecordProcessor` wait for the callback of `export` and never call `forceFlush`; the simple
    // processors and `PeriodicExportingMetricReader` do
    noun: "exporter",
    names: ["SpanExporter", "LogRecordExporter", "PushMetricExporter"],
    takes: "export",
    knownBy: [],
    forwards: ["export"],
    closes: "shutdown",
    flushes: "forceFlush",
    flush: "little",
  },
  {
    // the base class has `shutdown` and `forceFlush`, which call these
    noun: "metric reader",
    names: ["MetricReader"],
    takes: "onForceFlush",
    knownBy: ["onShutdown"],
    forwards: ["export"],
    closes: "onShutdown",
    flushes: "onForceFlush",
    flush: "little",
  },
];

/** Packages in which these interfaces are declared with methods that give promises. */
export const interfacePackages = /^@opentelemetry\/sdk-/;

/**
 * What a type is called that has one of these interfaces. A workflow of Temporal hands its spans to a sink of the worker, which
 * has no lifecycle (`OpenTelemetryWorkflowExporter` of `@temporalio/interceptors-opentelemetry` 1.11).
 */
export const interfaceTypes =
  /^(?!OpenTelemetryWorkflow|Console|InMemory|Noop).*(?:Processor|Exporter|MetricReader)$/;

/** What prints, keeps in memory or does nothing: it has no end to speak of. */
export const idleTypes = /^(?:Console|InMemory|Noop)/;

/** Globals whose calls, and whose methods, do nothing with a processor or exporter that they are not given. */
export const harmlessGlobals: ReadonlySet<string> = new Set(
  (
    "Promise Object Array Date Math JSON Error TypeError Map Set WeakMap String Number Boolean console performance " +
    "clearTimeout clearInterval clearImmediate setTimeout queueMicrotask"
  ).split(" "),
);

/** Methods of collections, promises, timers, emitters and loggers, of which the same is true. */
export const harmlessMethods: ReadonlySet<string> = new Set(
  (
    "clear delete set get has add push pop shift unshift splice slice forEach map filter find some every includes values keys " +
    "entries join toString then catch finally unref removeListener removeAllListeners off removeEventListener " +
    "log debug info warn error trace verbose onStart onEnd onEmit export"
  ).split(" "),
);
