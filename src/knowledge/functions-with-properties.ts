/**
 * Functions of Node that carry what their callers rely on: `util.promisify.custom`, or the hidden symbol by which `util.promisify`
 * knows that there is more than one result. A wrapper without it makes `promisify` hand back something else. Read off the
 * functions of Node 20.20, 22.23 and 24.21; `setInterval` has none.
 */
export const promisified: Readonly<Record<string, readonly string[]>> = {
  child_process: ["exec", "execFile"],
  crypto: ["generateKeyPair"],
  dns: ["lookup", "lookupService"],
  fs: ["exists", "read", "readv", "write", "writev"],
  http2: ["connect"],
  stream: ["finished", "pipeline"],
  timers: ["setImmediate", "setTimeout"],
};

/** Those of them that are global as well, in Node. */
export const promisifiedGlobals: readonly string[] = ["setImmediate", "setTimeout"];

/**
 * Functions that put a wrapper over a member and copy nothing but their own marks: shimmer 1.2.1, @opentelemetry/instrumentation
 * 0.24 to 0.223, `fill` and `markFunctionWrapped` of @sentry/core 10 (the prototype, nothing else).
 */
export const bareWrappers: Readonly<Record<string, readonly string[]>> = {
  shimmer: ["*", "default", "wrap", "massWrap"],
  "@opentelemetry/instrumentation": ["_wrap", "_massWrap", "safeExecuteInTheMiddle", "isWrapped"],
  "@sentry/core": ["fill", "markFunctionWrapped"],
  "@sentry/utils": ["fill", "markFunctionWrapped"],
};

/** Types of a framework for functions that other packages of it put properties on: hono 4 (`hono-openapi`, `hono/route`). */
export const handlerTypes: Readonly<Record<string, readonly string[]>> = {
  hono: ["MiddlewareHandler", "Handler", "H"],
};

/** Frameworks whose decorators keep what they say in metadata of the function: reflect-metadata, read by Nest. */
export const metadataFrameworks = /^@nestjs\//;
