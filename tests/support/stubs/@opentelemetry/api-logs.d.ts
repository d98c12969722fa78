export interface Logger {
  emit(record: { body?: unknown; severityText?: string }): void;
}

export declare const logs: {
  getLogger(name: string): Logger;
  setGlobalLoggerProvider(provider: { getLogger(name: string): Logger }): unknown;
};
