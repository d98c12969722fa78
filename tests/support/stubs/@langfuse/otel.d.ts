import type { BatchSpanProcessor } from "../parts/tracing.js";

export declare class LangfuseSpanProcessor {
  constructor(options?: object);
  onStart: BatchSpanProcessor["onStart"];
  onEnd: BatchSpanProcessor["onEnd"];
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}
