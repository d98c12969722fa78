export interface Span {
  setAttribute(key: string, value: unknown): this;
  setStatus(status: { code: number; message?: string }): this;
  recordException(error: Error | string): void;
  end(): void;
}

export interface Tracer {
  startSpan(name: string): Span;
  startActiveSpan<T>(name: string, work: (span: Span) => T): T;
}

export interface Meter {
  createCounter(name: string): { add(value: number, attributes?: object): void };
  createHistogram(name: string): { record(value: number, attributes?: object): void };
}

export declare enum SpanStatusCode {
  UNSET,
  OK,
  ERROR,
}

export interface TracerProvider {
  getTracer(name: string, version?: string): Tracer;
}

export declare class ProxyTracerProvider implements TracerProvider {
  getTracer(name: string, version?: string): Tracer;
  getDelegate(): TracerProvider;
  setDelegate(delegate: TracerProvider): void;
}

export declare const trace: {
  getTracer(name: string): Tracer;
  getTracerProvider(): TracerProvider;
  setGlobalTracerProvider(provider: TracerProvider): boolean;
};
export declare const metrics: {
  getMeter(name: string): Meter;
  setGlobalMeterProvider(provider: { getMeter(name: string): Meter }): boolean;
};
