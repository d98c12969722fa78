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
  /** The global tracer provider of OpenTelemetry, and what instrumentations are given. */
  provider: /\b[gs]etTracerProvider\b/,
  /** What the second major version of the OpenTelemetry SDK has no more. */
  removed:
    /\baddSpanProcessor\b|\baddMetricReader\b|\baddLogRecordProcessor\b|\bgetActiveSpanProcessor\b|\bactiveSpanProcessor\b|\bnew\s+(?:\w+\.)*Resource\s*\(|\bResource\.(?:default|empty|EMPTY)\b/,
  /** A cast of a value to what may be a class. */
  concrete:
    /[\w$)\]]\s+as\s+(?:unknown\s+as\s+)?(?!(?:Error|Record|Partial|Promise|Array|Map|Set|Date|Buffer|Request|Response|Omit|Pick|Function|Object|Readonly\w*|T[A-Z]?)\b|HTML|React\b|NodeJS\b)[A-Z]\w*\b(?![.[])(?<!Props|Type|Options|Config|Params|Error|Event|Element|State|Key|I[dD])/,
  /** A test of what a value is. */
  concreteTest:
    /\binstanceof\s+(?!\w*(?:Error|Exception)\b|(?:Date|Array|Map|Set|Promise|Function|Object|RegExp|Buffer|Uint8Array|Request|Response|URL|File|Blob)\b|HTML)[A-Z]|["'`]\s+in\s+(?:this\.)?\w+\s*[)&|]/,
  /** A variable is handed to what by its name watches calls, and the result is kept. */
  concreteWrap:
    /[=?:]\s*(?:await\s+)?(?:new\s+)?[\w.$]*(?:[wW]rap|[iI]ntercept|[tT]rac(?:e|ing)|[iI]nstrument|[dD]ecorat|[oO]bserv|[mM]onitor|[aA]udit|[mM]easur|[lL]ogg|[mM]etric|[tT]elemetry|[sS]pan|[cC]ompose|with[A-Z])[\w$]*\(\s*(?:this\.)?#?[a-z]\w*\s*[,)]/,
  /** Promises that are more than a promise: casts to them, the SDKs that hand them back, and who patches those. */
  promise:
    /\bas\s+(?:\w+\.)*(?:APIPromise|PagePromise|\w*ResponsePromise|PrismaPromise|CancelableRequest|ResultPromise|ExecaChildProcess|PendingQuery|ApiListPromise|TransportRequestPromise)\b|["'](?:openai|@anthropic-ai\/sdk|groq-sdk|together-ai|@cerebras\/cerebras_cloud_sdk|cohere-ai)["'/]|\bInstrumentationNodeModule(?:Definition|File)\b/,
  /** `next` beside a context, beside a span, awaited beside a status, or named without a call. */
  middleware:
    /\b_?(?:ctx|context|c)\b(?:\s*:[^()]{0,200}?)?,\s*next\b|^(?=[\s\S]*\bnext\b)[\s\S]*(?:\bstart(?:Active|Inactive|Child)?Span\b|\bstartSpanManual\b|\bstartChild\b|\b(?:start|get)Transaction\b|\bstartTimer\b|\bendSpan\b)|^(?=[\s\S]*\bawait\s+next\s*\()[\s\S]*\bstatusCode\b/,
  bareNext: /(?:\b(?:await|return|void)|=>|[;{}\n])\s*\(?next\s*\)?\s*(?:[;}\n]|$)/,
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
