/**
 * Where a program puts a provider for others to use, and what those call on it. Read in `@opentelemetry/api` 1.9.1, `api-logs`
 * 0.223, `instrumentation` 0.223 and `instrumentation-aws-lambda` 0.50.3 and 0.75.0.
 */
export const providerSetters: Readonly<Record<string, string>> = {
  setTracerProvider: "getTracer",
  setMeterProvider: "getMeter",
  setLoggerProvider: "getLogger",
  setGlobalTracerProvider: "getTracer",
  setGlobalMeterProvider: "getMeter",
  setGlobalLoggerProvider: "getLogger",
};

/** The options of `registerInstrumentations` that do the same. */
export const providerOptions: Readonly<Record<string, string>> = {
  tracerProvider: "getTracer",
  meterProvider: "getMeter",
  loggerProvider: "getLogger",
};

/** The method by which a provider is known, and what it is called in a sentence. */
export const providerNouns: Readonly<Record<string, string>> = {
  getTracer: "tracer provider",
  getMeter: "meter provider",
  getLogger: "logger provider",
};

/** What the provider of an SDK has beside that; all of it gives a promise. */
export const providerEnds: readonly string[] = ["forceFlush", "shutdown"];

/** An instrumentation that flushes the tracer and meter provider that it was given, and complains when they cannot. */
export const flushingInstrumentation = /^@opentelemetry\/instrumentation-aws-lambda$/;

/** The API's own ways to the provider of an SDK. */
export const providerGetters = /(?:^|\.)get(?:Tracer|Meter|Logger)Provider$/;
