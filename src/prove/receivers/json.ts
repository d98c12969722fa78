/** Walks JSON of unknown shape: whatever is missing or of another kind counts as empty. */

/** The property `key` of `value`, or `undefined` when there is none. */
export function property(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as Record<string, unknown>)[key];
}

/** Every element of the arrays reached by following `keys` down from `value`, flattened at each step. */
export function elements(value: unknown, keys: readonly string[]): unknown[] {
  let level: unknown[] = [value];
  for (const key of keys) {
    level = level.flatMap((parent) => {
      const child = property(parent, key);
      return Array.isArray(child) ? child : [];
    });
  }
  return level;
}

/** The first of `candidates` that is a non-empty string; otherwise `fallback`. */
export function firstText(candidates: readonly unknown[], fallback: string): string {
  return candidates.find((value): value is string => typeof value === "string" && value !== "") ?? fallback;
}
