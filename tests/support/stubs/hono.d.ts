export interface HTTPResponseError extends Error {
  getResponse(): Response;
}

export interface Context {
  req: {
    method: string;
    path: string;
    param(name: string): string;
    header(name: string): string | undefined;
  };
  executionCtx: { waitUntil(promise: Promise<unknown>): void };
  json(value: unknown, status?: number): Response;
  text(value: string, status?: number): Response;
}

type Answer = Response | Promise<unknown>;
type Handler = (c: Context, next: () => Promise<void>) => Answer;

export declare class Hono {
  fetch: (request: Request) => Response | Promise<Response>;
  basePath(path: string): Hono;
  route(path: string, app: Hono): this;
  use(path: string, handler: Handler): this;
  get(path: string, handler: Handler): this;
  post(path: string, handler: Handler): this;
  onError(handler: (error: Error | HTTPResponseError, c: Context) => Response | Promise<Response>): this;
}
