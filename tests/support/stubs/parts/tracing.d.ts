import type { Span, Tracer } from "../@opentelemetry/api.js";
import type { OTLPTraceExporter } from "./exporters.js";

export interface ReadableSpan {
  readonly name: string;
}

export interface SpanExporter {
  export(spans: ReadableSpan[], done: (result: { code: number }) => void): void;
  shutdown(): Promise<void>;
}

export interface SpanProcessor {
  onStart(span: Span, context: unknown): void;
  onEnd(span: ReadableSpan): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

declare class Processor implements SpanProcessor {
  constructor(
    exporter: SpanExporter | OTLPTraceExporter,
    config?: { maxQueueSize?: number; maxExportBatchSize?: number },
  );
  onStart(span: Span, context: unknown): void;
  onEnd(span: ReadableSpan): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

export declare class BatchSpanProcessor extends Processor {}
export declare class SimpleSpanProcessor extends Processor {}

export declare class InMemorySpanExporter implements SpanExporter {
  export(spans: ReadableSpan[], done: (result: { code: number }) => void): void;
  shutdown(): Promise<void>;
  getFinishedSpans(): ReadableSpan[];
}

export interface TracerConfig {
  resource?: unknown;
  spanProcessors?: SpanProcessor[];
}

export declare class BasicTracerProvider {
  constructor(config?: TracerConfig);
  getTracer(name: string, version?: string): Tracer;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}
