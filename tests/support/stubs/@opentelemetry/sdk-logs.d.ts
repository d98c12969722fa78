import type { Logger } from "./api-logs.js";
import type { OTLPLogExporter } from "../parts/exporters.js";

export declare class BatchLogRecordProcessor {
  // before 0.220 the exporter stood alone
  constructor(options: { exporter: OTLPLogExporter } | OTLPLogExporter);
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

export declare class LoggerProvider {
  constructor(config?: { processors?: BatchLogRecordProcessor[] });
  getLogger(name: string): Logger;
  forceFlush(options?: { timeoutMillis?: number }): Promise<void>;
  shutdown(): Promise<void>;
}
