export interface Client {
  install(crashed?: (error: Error) => void): this;
  captureException(error: unknown, options?: object, done?: (error: unknown) => void): string;
}

export declare function config(dsn?: string, options?: object): Client;
export declare function captureException(
  error: unknown,
  options?: object,
  done?: (error: unknown) => void,
): string;
export declare function requestHandler(): (...args: unknown[]) => void;
export declare function errorHandler(): (...args: unknown[]) => void;
