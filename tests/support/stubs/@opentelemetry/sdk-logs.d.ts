import type { Logger } from "./api-logs.js";
import type { OTLPLogExporter } from "../parts/exporters.js";

export declare class BatchLogRecordProcessor {
  constructor(options: { exporter: OTLPLogExporter });
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

export declare class LoggerProvider {
  constructor(config?: { processors?: BatchLogRecordProcessor[] });
  getLogger(name: string): Logger;
  forceFlush(options?: { timeoutMillis?: number }): Promise<void>;
  shutdown(): Promise<void>;
}
