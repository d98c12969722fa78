export interface TrackParams {
  event: string;
  userId?: string;
  anonymousId?: string;
  properties?: Record<string, unknown>;
}

export declare class Analytics {
  constructor(settings: {
    writeKey: string;
    maxEventsInBatch?: number;
    flushInterval?: number;
    host?: string;
  });
  track(params: TrackParams, done?: (error: unknown) => void): void;
  page(params: { name: string; userId?: string; anonymousId?: string }): void;
  flush(options?: { timeout?: number; close?: boolean }): Promise<void>;
  closeAndFlush(options?: { timeout?: number }): Promise<void>;
}
