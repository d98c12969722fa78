/** A version without its pre-release. */
export type Version = readonly [major: number, minor: number, patch: number];

/** From `low` to, and without, `high`. */
interface Interval {
  low: Version;
  high: Version | undefined;
}

const NONE: Version = [0, 0, 0];

/** `1.30.1` -> [1, 30, 1]; undefined for what is no version. */
export function versionOf(text: string): Version | undefined {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)(?:[-+].*)?$/.exec(text) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

/** Whether a text names versions of a package. */
export const isRange = (text: string): boolean => intervalsOf(text) !== undefined;

/** Whether a version is in a range; undefined when the range names none (`latest`, `catalog:`, a path). */
export function isIn(version: Version, range: string): boolean | undefined {
  return intervalsOf(range)?.some(
    ({ low, high }) => compare(low, version) <= 0 && (!high || compare(version, high) < 0),
  );
}

/** Whether no version of a range is outside of another; false when it names none. */
export function isWithin(range: string, wanted: string): boolean {
  const outer = intervalsOf(wanted) ?? [];
  const inner = intervalsOf(range) ?? [];
  return (
    inner.length > 0 &&
    inner.every((part) =>
      outer.some(
        ({ low, high }) =>
          compare(low, part.low) <= 0 &&
          (!high || (part.high !== undefined && compare(part.high, high) <= 0)),
      ),
    )
  );
}

/** Whether no version is in both of two ranges; false when one names none. */
export function areDisjoint(a: string, b: string): boolean {
  const [some, others] = [intervalsOf(a) ?? [], intervalsOf(b) ?? []];
  const apart = (one: Interval, other: Interval): boolean =>
    (one.high !== undefined && compare(one.high, other.low) <= 0) ||
    (other.high !== undefined && compare(other.high, one.low) <= 0);
  return (
    some.length > 0 && others.length > 0 && some.every((one) => others.every((other) => apart(one, other)))
  );
}

/** The lowest version of a range. */
export function lowestOf(range: string): Version | undefined {
  const [first, ...others] = intervalsOf(range) ?? [];
  return others.length === 0 ? first?.low : undefined;
}

const compare = (a: Version, b: Version): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

/** What a range of npm allows; undefined for what is none. */
function intervalsOf(range: string): Interval[] | undefined {
  const found: Interval[] = [];
  for (const part of range.split("||")) {
    let whole: Interval | undefined;
    // `>= 1.2 <2`: the blank behind an operator says nothing
    for (const token of part
      .trim()
      .replace(/([<>=~^])\s+/g, "$1")
      .split(/\s+/)) {
      const one = token === "" ? undefined : intervalOf(token);
      if (!one) return undefined;
      whole = whole ? both(whole, one) : one;
    }
    if (!whole) return undefined;
    found.push(whole);
  }
  return found;
}

const both = (a: Interval, b: Interval): Interval => ({
  low: compare(a.low, b.low) < 0 ? b.low : a.low,
  high: !a.high ? b.high : !b.high || compare(a.high, b.high) < 0 ? a.high : b.high,
});

const COMPARATOR = /^(\^|~|>=|>|<=|<|=)?v?(\d+)(?:\.(\d+|[xX*])(?:\.(\d+|[xX*])(?:[-+][\w.+-]+)?)?)?$/;

function intervalOf(token: string): Interval | undefined {
  const [matched, operator = "", a, b, c] = COMPARATOR.exec(token) ?? [];
  if (matched === undefined || a === undefined) return undefined;
  const major = Number(a);
  const minor = b === undefined || /[xX*]/.test(b) ? undefined : Number(b);
  const patch = minor === undefined || c === undefined || /[xX*]/.test(c) ? undefined : Number(c);
  const low: Version = [major, minor ?? 0, patch ?? 0];
  /** Behind every version that is written so: `1.2` -> 1.3.0. */
  const next: Version =
    minor === undefined
      ? [major + 1, 0, 0]
      : patch === undefined
        ? [major, minor + 1, 0]
        : [major, minor, patch + 1];
  switch (operator) {
    case "^":
      return {
        low,
        high:
          major > 0 || minor === undefined
            ? [major + 1, 0, 0]
            : minor > 0 || patch === undefined
              ? [0, minor + 1, 0]
              : [0, 0, patch + 1],
      };
    case "~":
      return { low, high: minor === undefined ? [major + 1, 0, 0] : [major, minor + 1, 0] };
    case ">=":
      return { low, high: undefined };
    case ">":
      return { low: next, high: undefined };
    case "<":
      return { low: NONE, high: low };
    case "<=":
      return { low: NONE, high: next };
    default:
      return { low, high: next };
  }
}
