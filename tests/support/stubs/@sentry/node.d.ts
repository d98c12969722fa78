export interface Scope {
  setTag(key: string, value: string): this;
}

export declare function init(options?: Record<string, unknown>): unknown;
export declare function captureException(error: unknown, hint?: object): string;
export declare function captureMessage(message: string, level?: string | object): string;
export declare function withScope<T>(work: (scope: Scope) => T): T;
export declare function setupExpressErrorHandler(app: unknown): void;
export declare function flush(timeout?: number): Promise<boolean>;
export declare function close(timeout?: number): Promise<boolean>;
