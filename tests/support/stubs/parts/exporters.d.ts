/** What every OTLP exporter has: it is owned by a processor or a reader, and both ends are promises. */
declare class OTLPExporter {
  constructor(config?: { url?: string; headers?: Record<string, string>; timeoutMillis?: number });
  export(items: unknown[], done: (result: { code: number; error?: Error }) => void): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

export declare class OTLPTraceExporter extends OTLPExporter {}
export declare class OTLPMetricExporter extends OTLPExporter {}
export declare class OTLPLogExporter extends OTLPExporter {}
