/** Version 2: the end of a flush is told through a callback only. */
export interface TelemetryClient {
  trackEvent(telemetry: { name: string; measurements?: Record<string, number> }): void;
  trackException(telemetry: { exception: Error }): void;
  trackMetric(telemetry: { name: string; value: number }): void;
  flush(options?: { callback?: (answer: string) => void; isAppCrashing?: boolean }): void;
}

export interface Configuration {
  setAutoCollectConsole(value: boolean): Configuration;
  setAutoCollectExceptions(value: boolean): Configuration;
  start(): Configuration;
}

export declare const defaultClient: TelemetryClient;
export declare function setup(connectionString?: string): Configuration;
export declare function start(): Configuration;
export declare function dispose(): void;
