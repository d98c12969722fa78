import type { Role, Style } from "./knowledge/schema.js";
import type { SdkSetting } from "./settings.js";

const roles: Record<Role, true> = {
  create: true,
  start: true,
  flush: true,
  close: true,
  drop: true,
  capture: true,
};

const styles: Record<Style, true> = {
  promise: true,
  callback: true,
  "promise-or-callback": true,
  wrapper: true,
  sync: true,
  "fire-and-forget": true,
  event: true,
};

/**
 * Reads a list of in-house SDKs from data that anybody may have written.
 * @param where how the user knows the list, for example `settings.telemetry.sdks`
 * @throws TypeError that names the part that has the wrong shape, and says which shape it takes
 */
export function readSdks(value: unknown, where: string): SdkSetting[] {
  if (!Array.isArray(value))
    throw new TypeError(`${where} must be a list of { module: string, calls: { [name]: role } }`);
  return value.map((sdk, at) => readSdk(sdk, `${where}[${String(at)}]`));
}

function readSdk(value: unknown, where: string): SdkSetting {
  if (!isRecord(value)) throw new TypeError(`${where} must be { module: string, calls: { [name]: role } }`);
  const { module, name, ambient, calls, ...others } = value;
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new TypeError(`${where}.${other} is not known; it takes module, name, ambient and calls`);
  if (typeof module !== "string" || module === "")
    throw new TypeError(`${where}.module must be the module's name as programs import it`);
  if (name !== undefined && typeof name !== "string")
    throw new TypeError(`${where}.name must be a name for people`);
  if (ambient !== undefined && typeof ambient !== "boolean")
    throw new TypeError(`${where}.ambient must be true or false`);
  if (!isRecord(calls))
    throw new TypeError(`${where}.calls must give each exported function its role: { [name]: role }`);
  return {
    module,
    ...(name === undefined ? {} : { name }),
    ...(ambient === undefined ? {} : { ambient }),
    calls: Object.fromEntries(
      Object.entries(calls).map(([call, said]) => [call, readCall(said, `${where}.calls.${call}`)]),
    ),
  };
}

function readCall(value: unknown, where: string): SdkSetting["calls"][string] {
  if (isOneOf(roles, value)) return value;
  if (!isRecord(value) || !isOneOf(roles, value.role))
    throw new TypeError(`${where} must be a role, one of ${listed(roles)}, or { role, style }`);
  if (value.style === undefined) return { role: value.role };
  if (!isOneOf(styles, value.style)) throw new TypeError(`${where}.style must be one of ${listed(styles)}`);
  return { role: value.role, style: value.style };
}

function isOneOf<T extends string>(table: Record<T, true>, value: unknown): value is T {
  return typeof value === "string" && Object.hasOwn(table, value);
}

function listed(table: Record<string, true>): string {
  return Object.keys(table).join(", ");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
