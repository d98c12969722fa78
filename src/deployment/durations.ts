const units: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * `1m30s`, `30s` as compose writes them (https://docs.docker.com/reference/compose-file/extension/#specifying-durations), in
 * milliseconds.
 * @returns undefined when it is none
 */
export function millisOfDuration(period: unknown): number | undefined {
  if (typeof period !== "string" || !/^(\d+(\.\d+)?(us|ms|s|m|h))+$/.test(period)) return undefined;
  let sum = 0;
  for (const [, n, unit] of period.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g))
    sum += Number(n) * (units[unit ?? ""] ?? 0);
  return sum;
}

/** `sleep 5`, `sleep 1m`, `sleep 5 && x` of a shell line or as words, in milliseconds; undefined when there is no plain sleep in it. */
export function millisOfSleep(line: string): number | undefined {
  const found = /(?:^|[\s;&'"/])sleep\s+(\d+(?:\.\d+)?)([smh]?)(?=$|[\s;&'")])/.exec(line);
  return found ? Number(found[1]) * (units[found[2] ?? "s"] ?? 1000) : undefined;
}

/** Milliseconds in words: `1.6 s`, `30 s`, `250 ms`. */
export const inWords = (millis: number): string =>
  millis < 1000 ? `${String(millis)} ms` : `${String(Math.round(millis / 100) / 10)} s`;
