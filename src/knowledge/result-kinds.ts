/** What a method of an interface hands back: a promise that its callers chain on, or a value that they use at once. */
export interface ResultKind {
  /** The interface or base class. */
  names: readonly string[];
  /** The packages that declare it. */
  from: RegExp;
  method: string;
  /** By which name it is overridden inside the package. */
  inside?: string;
  gives: "promise" | "plain";
  /** What happens otherwise. */
  harm: string;
}

export const resultKinds: readonly ResultKind[] = [
  {
    // `BasicTracerProvider.forceFlush` of sdk-trace-base 1.30.1, `TracerProvider.forceFlush` of sdk-trace 2.12.0: run with a
    // processor that returns nothing, they reject, and their timer of 30 seconds is not cleared
    names: ["SpanProcessor"],
    from: /^@opentelemetry\/sdk-/,
    method: "forceFlush",
    gives: "promise",
    harm: "the provider's `forceFlush` rejects with a TypeError and keeps the process alive for 30 seconds",
  },
  {
    // run with sdk-trace-base 1.30.1 and 2.12.1: every span is recorded, flagged as not sampled and exported by no processor
    names: ["Sampler"],
    from: /^@opentelemetry\/sdk-trace/,
    method: "shouldSample",
    gives: "plain",
    harm: "the tracer finds no decision in it, and no span is exported",
  },
  {
    // `Dispatcher.dispatch` of undici 5 to 7 answers whether more may be sent; run with 7.30.2: when the function fails, the request
    // never settles and the rejection has no listener
    names: [
      "Dispatcher",
      "DispatcherBase",
      "Agent",
      "Client",
      "Pool",
      "BalancedPool",
      "ProxyAgent",
      "RetryAgent",
    ],
    from: /^undici$/,
    method: "dispatch",
    inside: "[kDispatch]",
    gives: "plain",
    harm: "the promise counts as a go-ahead to send more, and when it rejects the request never settles",
  },
];

/** Where an interceptor of undici is put in front of `dispatch`, and what comes of one that is async and fails. */
export const composing = {
  from: /^undici$/,
  method: "compose",
  harm: "when it fails, the request never settles and nobody hears of the rejection",
} as const;
