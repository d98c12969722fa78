import { knownVariables } from "../knowledge/otel-variable-names.js";

const known = new Set(knownVariables);

/** The name that was meant by one that differs from it in one letter, or in two of a long name; undefined where none is so near. */
export function nearestName(name: string): string | undefined {
  // with a part more, or another number, it is a name of somebody's own
  if (known.has(name) || name.length < 12) return undefined;
  const parts = name.split("_").length;
  const most = name.length >= 20 ? 2 : 1;
  const near = knownVariables.filter(
    (other) =>
      other.split("_").length === parts &&
      other.replace(/\D/g, "") === name.replace(/\D/g, "") &&
      distance(name, other, most) <= most,
  );
  return near.length === 1 ? near[0] : undefined;
}

/** Letters that are left out, added, changed or swapped; more than `most` is not counted to the end. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? most + 1;
}
