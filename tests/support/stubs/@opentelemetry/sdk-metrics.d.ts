import type { Meter } from "./api.js";
import type { OTLPMetricExporter } from "../parts/exporters.js";

export declare class PeriodicExportingMetricReader {
  constructor(options: { exporter: OTLPMetricExporter; exportIntervalMillis?: number });
  forceFlush(options?: { timeoutMillis?: number }): Promise<void>;
  shutdown(options?: { timeoutMillis?: number }): Promise<void>;
}

export declare class MeterProvider {
  constructor(options?: { resource?: unknown; readers?: PeriodicExportingMetricReader[] });
  getMeter(name: string): Meter;
  forceFlush(options?: { timeoutMillis?: number }): Promise<void>;
  shutdown(options?: { timeoutMillis?: number }): Promise<void>;
}
