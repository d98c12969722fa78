import type { OTLPTraceExporter } from "../parts/exporters.js";
import type { SpanExporter, SpanProcessor } from "../parts/tracing.js";

export interface NodeSDKConfiguration {
  serviceName: string;
  resource: unknown;
  traceExporter: SpanExporter | OTLPTraceExporter;
  spanProcessor: SpanProcessor;
  spanProcessors: SpanProcessor[];
  logRecordProcessor: unknown;
  logRecordProcessors: unknown[];
  metricReader: unknown;
  metricReaders: unknown[];
  instrumentations: unknown[];
}

export declare class NodeSDK {
  constructor(configuration?: Partial<NodeSDKConfiguration>);
  start(): void;
  shutdown(): Promise<void>;
}
