export interface EventMessage {
  distinctId: string;
  event: string;
  properties?: Record<string, unknown>;
}

export declare class PostHog {
  constructor(apiKey: string, options?: { host?: string; flushAt?: number; flushInterval?: number });
  capture(message: EventMessage): void;
  captureImmediate(message: EventMessage): Promise<void>;
  getAllFlags(distinctId: string): Promise<Record<string, unknown>>;
  flush(): Promise<unknown>;
  shutdown(timeoutMillis?: number): Promise<void>;
  /** Version 3 has it beside a `shutdown` without a promise. */
  shutdownAsync(): Promise<void>;
}
