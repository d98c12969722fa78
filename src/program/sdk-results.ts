import type { Lookup } from "../facts/lookup.js";
import type { Value } from "../facts/value.js";

/** What a call of an SDK's export gives: the handle that is made or handed out. */
export function sdkResult(sdk: Extract<Value, { v: "sdk" }>["sdk"], lookup: Lookup): Value[] {
  if (sdk.is === "class" || sdk.is === "factory") return [{ v: "sdk", sdk: { is: "handle", cls: sdk.cls } }];
  if (sdk.is === "call") {
    const cls = lookup.returned(sdk.vendor, sdk.pkg, sdk.facts);
    return cls ? [{ v: "sdk", sdk: { is: "handle", cls } }] : [];
  }
  if (sdk.is !== "namespace") return [];
  const callable = lookup.callable(sdk);
  return callable && callable.is !== "namespace" ? sdkResult(callable, lookup) : [];
}
