/** `wrap(object, "name", maker)` and its like, `wrapFunction(original, maker)`, decorators and definitions of properties. */
const wrapping =
  /\b(?:_?(?:wrap|massWrap|wrapMethod)|fill|shimmerWrap|patch|patchMethod|replace)\s*\(\s*[\w$.[\]]+(?:\s+as\s+[\w.]+)?,\s*(?:\[[^\]]*\]|[^,()]{1,80}),|\bwrapFunction\s*\(|\bdescriptor\b|DecoratorContext\b|\bdefineProperty\s*\((?=[^;]{0,200}\bvalue\s*:)/;

/** A function is put over a member, written there or by a name. */
const replacing =
  /(?:(?<!\bexports)\.[\w$]+|\])\s*=\s*(?:async\s+)?(?:function\b|\((?=[^;]{0,300}=>)|[\w$]+\s*=>)|(?:\.[\w$]+|\])\s*=\s*[\w$]*(?:[wW]rap|[pP]atch|[tT]rac)[\w$]*\s*[;\n]|\b(?:process|window|globalThis|console|prototype)\.(?:[\w$]+\.)*[\w$]+\s*=\s*[\w$]+/;

/** A member is kept under a name. */
const keeping =
  /\b(?:const|let|var)\s+[\w$]+(?:\s*:[^=;\n]+)?\s*=\s*\(?(?:this|[\w$]+)(?:[?!]?\.[\w$]+)*(?:[?!]?\.[\w$]+|\[[^\]]+\])|\}\s*=\s*(?:this|[\w$]+)(?:\.[\w$]+)*\s*[;\n]|\b(?:const|let|var)\s+[\w$]+\s*=\s*[a-z]\w*\s*[;\n]|\.[\w$]+\s*=\s*[\w$]+(?:\.[\w$]+)+/;

/** What a file says that wraps, or keeps what it replaces: a file with the words of `wrap` needs one of these as well. */
export const wrapsOrKeeps = new RegExp(`${wrapping.source}|${keeping.source}`);

/**
 * Words without which a file can hold no fault of an interceptor chain, one pattern for each kind of place. The scan of a
 * project looks for any of them, so that no other file has to be read.
 */
export const linkWords = {
  /** Wrappers over a function: `shimmer.wrap`, `this._wrap`, `fill`, a member that is replaced, a decorator. */
  wrap: new RegExp(`${wrapping.source}|${replacing.source}`),
  proxy: /\bnew\s+Proxy\s*\(|\bProxy\.revocable\s*\(/,
  /**
   * What leaves a prototype behind: `Object.create` of something that is no prototype, and a copy of something with a function in
   * it, or with a member made from the same one, or one that has a method bound to it or put into it later; and any copy where exports of
   * modules are patched.
   */
  identity:
    /\bObject\.create\s*\(\s*(?!null\s*[,)]|Object\.|[\w$.]*\.prototype\s*[,)])|(?:\{\s*\.\.\.|\bObject\.assign\s*\(\s*\{\s*\}\s*,\s*)[\w$.]+\s*,[^{}]{0,200}?(?:\w+\s*:\s*(?:async\s*)?(?:function\b|\w+\s*=>|\([^()]{0,120}\)\s*(?::[^=]{0,60})?=>)|[\w$]+\s*\([^()]{0,120}\)\s*(?::[^{;]{0,60})?\{)|\{\s*\.\.\.(?<copied>[\w$]+)\s*,[^{}]{0,300}?\(\s*\k<copied>\.|(?:=\s*\{\s*\.\.\.[^{}]{1,120}\}|=\s*Object\.assign\s*\(\s*\{\s*\}\s*,\s*[\w$.]+\s*\))\s*(?:;|\n|as\b)[\s\S]{0,1500}?\.\w+\s*=[^=>]|\bInstrumentationNodeModule(?:Definition|File)\b|\brequire-in-the-middle\b/,
  /** What leaves properties of a function behind: wrappers of functions of Node, of handlers, and over members by any name. */
  properties:
    /["'](?:setTimeout|setImmediate|execFile|generateKeyPair|lookupService|readv|writev)["']|[wW]rap\w*\s*\([^()]{0,300}["'](?:exec|lookup|exists|read|write|connect|finished|pipeline)["']|\.(?:setTimeout|setImmediate|exec|execFile|generateKeyPair|lookup|lookupService|exists|readv?|writev?|finished|pipeline)\s*=[^=>]|\barguments\[\d\]\s*=[^=]|["']hono(?:\/[\w-]+)?["']|\[\w+\]\s*=\s*(?:wrapp|replacement|patched|instrumented)/,
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
  /** A variable, or what is just made, is handed to what by its name watches calls, and the result is used. */
  concreteWrap:
    /(?:[=?:>&|(]|\breturn\b)\s*(?:await\s+)?(?:new\s+)?[\w.$]*(?:[wW]rap|[iI]ntercept|[tT]rac(?:e|ing)|[iI]nstrument|[dD]ecorat|[oO]bserv|[mM]onitor|[aA]udit|[mM]easur|[lL]ogg|[mM]etric|[tT]elemetry|[sS]pan|[cC]ompose|with[A-Z]|\blink(?=\())[\w$]*\(\s*(?:new\s+[\w.]+\(|(?:this\.)?#?[a-z]\w*\s*[,)])/,
  /** Promises that are more than a promise: casts to them, the SDKs that hand them back, and who patches those. */
  promise:
    /\bas\s+(?:\w+\.)*(?:APIPromise|PagePromise|\w*ResponsePromise|PrismaPromise|CancelableRequest|ResultPromise|ExecaChildProcess|PendingQuery|ApiListPromise|TransportRequestPromise)\b|["'](?:openai|@anthropic-ai\/sdk|groq-sdk|together-ai|@cerebras\/cerebras_cloud_sdk|cohere-ai)["'/]|\bInstrumentationNodeModule(?:Definition|File)\b/,
  /** `next` beside a context, beside a span, awaited beside a status, or named without a call. */
  /** Wrappers of `fetch`, and functions that say that they give a response. */
  response:
    /\bnew Response\s*\(|\bPromise<[^;{}=]*\bResponse\b|\b(?:globalThis|window|self|global)\.fetch\s*=[^=]|["']fetch["']\s*,|\btypeof (?:globalThis\.|window\.)?fetch\b/,
  /** Response interceptors of axios: one that hands on the data, and those after it. */
  later: /\binterceptors\.response\.use\b/,
  middleware:
    /\b_?(?:ctx|context|c)\b(?:\s*:[^()]{0,200}?)?,\s*next\b|^(?=[\s\S]*\bnext\b)[\s\S]*(?:\bstart(?:Active|Inactive|Child)?Span\b|\bstartSpanManual\b|\bstartChild\b|\b(?:start|get)Transaction\b|\bstartTimer\b|\bendSpan\b)|^(?=[\s\S]*\bawait\s+next\s*\()[\s\S]*\bstatusCode\b/,
  bareNext: /(?:\b(?:await|return|void)|=>|[;{}\n])\s*\(?next\s*\)?\s*(?:[;}\n]|$)/,
  /** Operators of rxjs beside what ends a span. */
  tap: /^(?=[\s\S]*["']rxjs)[\s\S]*(?:\.(?:end|finish|endSpan)\s*\(|\bstartTimer\b)/,
  /** Handlers of undici, methods of gRPC, observers behind a link, generators of nice-grpc. */
  handlerEvent:
    /\bon(?:Response(?:Started|End|Error)|BodySent|Headers)\b|\b\w*(?:InterceptingCall|(?:Requester|Listener|Responder)Builder)\b|^(?=[\s\S]*\b[oO]bservable\s*[(<])[\s\S]*\.subscribe\s*\(|\bnice-grpc\b/,
  /** Middleware whose result somebody needs. */
  result:
    /^(?=[\s\S]*\bnext\s*\()[\s\S]*["'](?:@trpc\/server|@temporalio\/|@(?:connectrpc|bufbuild)\/connect)/,
  /** Interceptors of RPC and HTTP clients, and the lists that they stand in. */
  interceptor: /[iI]nterceptors?\b|\bInterceptingCall\b|\bdispatch\b|\bonRequestStart\b|\bonResponseStart\b/,
  /** What implements or replaces parts of OpenTelemetry's SDK; dispatchers and interceptors of undici. */
  lifecycle:
    /(?:SpanProcessor|LogRecordProcessor|SpanExporter|LogRecordExporter|PushMetricExporter|MetricReader)\b|\bforceFlush\b|^(?=[\s\S]*\bonStart\s*\()[\s\S]*\bonEnd\s*\(|\b(?:set(?:Global)?|new\s+\w*)(?:Tracer|Meter|Logger)Provider\b|\bregisterInstrumentations\b|\basync\s+\[?k?[dD]ispatch\b|^(?=[\s\S]*["']undici["'])[\s\S]*\.compose\s*\(/,
  /** The makers of OpenTelemetry, gRPC clients with interceptors, and lists of links beside an options spread. */
  setup:
    /\b(?:NodeSDK|(?:NodeTracer|BasicTracer|WebTracer|Logger|Meter)Provider)\s*\(|\bextends\s+(?:\w+\.)?NodeSDK\b|^(?=[\s\S]*@grpc\/grpc-js)[\s\S]*\binterceptor(?:s|_providers)\b|^(?=[\s\S]*\.\.\.[\w$])[\s\S]*\b(?:spanProcessors|logRecordProcessors|metricReaders|readers|processors|integrations|instrumentations|propagators|interceptors|interceptor_providers|transports|middlewares?)\s*[:,}]/,
  /** Links that read the active span beside links that make it. */
  chains:
    /^(?=[\s\S]*(?:\bget(?:Active)?Span\s*\(|["']@opentelemetry\/api["']))[\s\S]*(?:\binterceptors\b|\.use\s*\()/,
  /** Members of the global object, under one of its usual names, and of the process that are assigned. */
  slot: /\b(?:window|globalThis|global|WINDOW|GLOBAL_OBJ|win|root)\b[^;\n]{0,20}\.(?:onerror|onunhandledrejection|fetch)\s*=[^=>]|\bprocess\b[^;\n]{0,20}\.emit\s*=[^=>]/,
} as const satisfies Record<string, RegExp>;

/** Any of them. */
export const anyLinkWord = new RegExp(
  Object.values(linkWords)
    .map((words) => words.source)
    .join("|"),
);
