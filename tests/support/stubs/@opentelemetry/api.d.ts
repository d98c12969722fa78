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

export declare const trace: { getTracer(name: string): Tracer };
export declare const metrics: {
  getMeter(name: string): Meter;
  setGlobalMeterProvider(provider: { getMeter(name: string): Meter }): boolean;
};
