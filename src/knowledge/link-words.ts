/**
 * Words without which a file can hold no fault of an interceptor chain, one pattern for each kind of place. The scan of a
 * project looks for any of them, so that no other file has to be read.
 */
export const linkWords = {
  /** Wrappers around a function: `shimmer.wrap`, `this._wrap`, `fill`, an original that is called with other words. */
  wrap: /\b_?(?:mass)?[wW]rap\w*\s*\(|\bfill\s*\(|\.(?:apply|call)\s*\(|\boriginal|\borig\w*\s*\(|\bsuper\s*\.|\bdescriptor\b/,
  proxy: /\bnew Proxy\s*\(|\bProxy\.revocable\s*\(/,
  /** Something whose prototype or own properties may stay behind. */
  identity: /\bObject\.create\s*\(|\{\s*\.\.\./,
  /** The global providers of OpenTelemetry. */
  provider: /getTracerProvider|setTracerProvider|ProxyTracerProvider|createNoop\w*Provider|forceFlush/,
  /** What the second major version of the OpenTelemetry SDK has no more. */
  removed:
    /\baddSpanProcessor\b|\baddMetricReader\b|\baddLogRecordProcessor\b|\bgetActiveSpanProcessor\b|\bactiveSpanProcessor\b|\bnew Resource\s*\(/,
  /** Casts and tests of what may be wrapped. */
  concrete: /\bas\s+[A-Z]|\binstanceof\s+[A-Z]|["'`]\s+in\s+\w/,
  /** Promises that are more than a promise, and responses. */
  promise: /\bas\s+(?:\w+\.)*\w*Promise\b|\basync\b|\.then\s*\(|\bnew Response\s*\(/,
  middleware: /\bnext\b/,
  tap: /\btap\s*\(/,
  /** Interceptors of RPC and HTTP clients, and the lists that they stand in. */
  interceptor: /[iI]nterceptors?\b|\bInterceptingCall\b|\bdispatch\b|\bonRequestStart\b|\bonResponseStart\b/,
  lifecycle:
    /\b(?:SpanProcessor|LogRecordProcessor|SpanExporter|LogRecordExporter|PushMetricExporter|MetricReader)\b|\bforceFlush\b/,
  setup: /\bNodeSDK\b|\binterceptor_providers\b/,
  slot: /\bon(?:error|unhandledrejection)\b\s*=|\bfetch\s*=[^=]|\bprocess\.emit\b/,
} as const satisfies Record<string, RegExp>;

/** Any of them. */
export const anyLinkWord = new RegExp(
  Object.values(linkWords)
    .map((words) => words.source)
    .join("|"),
);
