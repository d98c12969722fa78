/**
 * Classes whose members work on their own instances only, because they keep what they hold in private fields or internal slots.
 * Behind a `Proxy`, or on an object made with `Object.create(instance)`, they throw.
 */
export interface BrandFacts {
  /** Methods throw when they are called on something else. */
  methods: boolean;
  /** Accessors throw when they are read through something else. */
  accessors: boolean;
  /** Where they do, when that is not everywhere. */
  where?: string;
}

const both: BrandFacts = { methods: true, accessors: true };
const methods: BrandFacts = { methods: true, accessors: false };
const newer = { where: "since Node 24, and in browsers," };

/**
 * Globals, each run behind a `Proxy` in Node 18.20, 20.20, 22.23 and 24.21. `Headers`, `URL`, `URLSearchParams` and `AbortController`
 * throw since Node 20, `Response`, `Request` and `FormData` since Node 24; browsers throw for all of them. What still works in Node
 * 24 is left out: `Blob`, `AbortSignal`, `EventTarget`, `ReadableStream`, `TextDecoder`, `Error`.
 */
export const brandedGlobals: Readonly<Record<string, BrandFacts>> = {
  AbortController: both,
  ArrayBuffer: both,
  Date: methods,
  FormData: { ...methods, ...newer },
  Headers: methods,
  Map: both,
  Promise: methods,
  RegExp: both,
  Request: { ...both, ...newer },
  Response: { ...both, ...newer },
  Set: both,
  URL: both,
  URLSearchParams: both,
  WeakMap: methods,
  WeakRef: methods,
  WeakSet: methods,
};

/** Classes of packages: hono 4.13.19, kysely 0.28.18, lru-cache 11.5.3, each run behind a `Proxy`. */
export const brandedPackages: Readonly<Record<string, Readonly<Record<string, BrandFacts>>>> = {
  // its methods are fields that keep their `this`
  hono: { Context: { methods: false, accessors: true }, HonoRequest: methods },
  kysely: { Kysely: both, Transaction: both },
  "lru-cache": { LRUCache: both },
};
