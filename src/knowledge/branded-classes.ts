/**
 * Classes whose members work on their own instances only, because they keep what they hold in private fields or internal slots.
 * Behind a `Proxy`, or on an object made with `Object.create(instance)`, they throw.
 */
export interface BrandFacts {
  /** Methods throw when they are called on something else. */
  methods: boolean;
  /** Accessors throw when they are read through something else. */
  accessors: boolean;
}

const both: BrandFacts = { methods: true, accessors: true };
const methods: BrandFacts = { methods: true, accessors: false };

/**
 * Globals, run in Node 18.20, 20.20, 22.23 and 24.21. `Response` keeps its body there in each of them (`text()` rejects, `clone()`
 * throws), `Headers` and `AbortController` since Node 20; accessors of `Response`, `Request` and `FormData` throw in Node 24 and in browsers.
 * What still works in Node 24 is left out: `Blob`, `AbortSignal`, `EventTarget`, `TextDecoder`, `Error`.
 */
export const brandedGlobals: Readonly<Record<string, BrandFacts>> = {
  AbortController: both,
  ArrayBuffer: both,
  Date: methods,
  FormData: methods,
  Headers: methods,
  Map: both,
  Promise: methods,
  RegExp: both,
  Request: both,
  Response: both,
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
