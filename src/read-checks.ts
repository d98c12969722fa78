import { rules } from "../rules/index.js";

/** Checks switched on or off, by the name of their rule and their own. */
export type CheckSettings = Record<string, Record<string, boolean>>;

/** The names of the checks of each rule that is made of checks. */
export const checksOfRules: ReadonlyMap<string, readonly string[]> = new Map(
  rules.flatMap((rule) => (rule.checks ? [[rule.name, rule.checks.map(({ id }) => id)]] : [])),
);

/**
 * Reads which checks are on or off, from data that anybody may have written.
 * @param where how the user knows the table, for example `"telemetry-fix" in package.json: checks`
 * @throws TypeError that names the part that has the wrong shape, and says what may stand there
 */
export function readChecks(value: unknown, where: string): CheckSettings {
  if (!isRecord(value)) throw new TypeError(`${where} must be { [rule]: { [check]: true or false } }`);
  return Object.fromEntries(
    Object.entries(value).map(([rule, switches]) => {
      const known = checksOfRules.get(rule);
      if (!known)
        throw new TypeError(
          `${where}: ${rule} has no checks; these have: ${[...checksOfRules.keys()].join(", ")}`,
        );
      return [rule, readSwitches(switches, known, `${where}.${rule}`)];
    }),
  );
}

function readSwitches(value: unknown, known: readonly string[], where: string): Record<string, boolean> {
  if (!isRecord(value)) throw new TypeError(`${where} must be { [check]: true or false }`);
  const switches: Record<string, boolean> = {};
  for (const [check, on] of Object.entries(value)) {
    if (!known.includes(check))
      throw new TypeError(`${where}: ${check} is no check; it has: ${known.join(", ")}`);
    if (typeof on !== "boolean") throw new TypeError(`${where}.${check} must be true or false`);
    switches[check] = on;
  }
  return switches;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
