import type { Source } from "../edit/source.js";

/** Milliseconds for a report whose end only a callback tells. */
const LIMIT_MILLIS = 2000;

/** `await` for what ends in time by itself; what a callback tells is raced against a timer that holds nothing up. */
export function waitFor({ style, isTypeScript }: Source, awaited: string): string {
  if (!awaited.startsWith("new Promise")) return `await ${awaited}`;
  const { indent } = style;
  const timer =
    style.arrows || isTypeScript
      ? `new Promise((resolve) => setTimeout(resolve, ${String(LIMIT_MILLIS)}).unref())`
      : `new Promise(function (resolve) { setTimeout(resolve, ${String(LIMIT_MILLIS)}).unref()${style.semicolon} })`;
  return `await Promise.race([\n${indent}${awaited},\n${indent}${timer},\n])`;
}
