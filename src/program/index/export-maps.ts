/** Reads the `exports` and `imports` maps of package.json. */
import { isObject } from "./json.js";

/** Conditions of other platforms: their targets come last. */
const foreign = new Set([
  "browser",
  "worker",
  "workerd",
  "edge",
  "edge-light",
  "react-native",
  "react-server",
  "deno",
  "netlify",
  "fastly",
  "lagon",
  "web",
]);

/** All target strings under a value, in the order of its conditions, those for other platforms last. */
export function conditionLeaves(target: unknown): string[] {
  const own: string[] = [];
  const others: string[] = [];
  collect(target, own, others, 0);
  return [...own, ...others];
}

function collect(target: unknown, own: string[], others: string[], depth: number): void {
  if (depth > 10) return;
  if (typeof target === "string") own.push(target);
  else if (Array.isArray(target))
    for (const item of target as unknown[]) collect(item, own, others, depth + 1);
  else if (isObject(target)) {
    for (const [condition, value] of Object.entries(target)) {
      collect(value, foreign.has(condition) ? others : own, others, depth + 1);
    }
  }
}

/**
 * The targets of one key (`.`, `./sub`, `#name`) in a map: the exact key, else the longest pattern that matches.
 * Undefined when the map has no such key.
 */
export function exportTarget(map: unknown, key: string): string[] | undefined {
  const keyed =
    isObject(map) && Object.keys(map).some((name) => name.startsWith(".") || name.startsWith("#"));
  if (!keyed) return key === "." ? conditionLeaves(map) : undefined;
  if (Object.hasOwn(map, key)) return conditionLeaves(map[key]);
  let best: { target: unknown; middle: string; length: number } | undefined;
  for (const [pattern, target] of Object.entries(map)) {
    const star = pattern.indexOf("*");
    const before = star < 0 ? pattern : pattern.slice(0, star);
    const after = star < 0 ? "" : pattern.slice(star + 1);
    if (star < 0 && !pattern.endsWith("/")) continue;
    if (!key.startsWith(before) || !key.endsWith(after) || key.length < before.length + after.length)
      continue;
    if (best !== undefined && best.length >= before.length) continue;
    best = { target, middle: key.slice(before.length, key.length - after.length), length: before.length };
  }
  if (best === undefined) return undefined;
  const { middle } = best;
  return conditionLeaves(best.target).map((leaf) =>
    leaf.endsWith("/") ? leaf + middle : leaf.replaceAll("*", () => middle),
  );
}
