import { readSdks } from "../read-sdks.js";
import type { SdkSetting } from "../settings.js";

/** `settings.telemetry` of a linter's configuration. */
export interface TelemetrySettings {
  /** Folder of the project, absolute or relative to the linter's working directory; found by itself otherwise. */
  root?: string;
  /** `false` limits every rule to what the linted file proves by itself. */
  project: boolean;
  sdks: SdkSetting[];
}

/**
 * Reads `settings.telemetry`.
 * @throws TypeError that names the setting that has the wrong shape
 */
export function readSettings(settings: Readonly<Record<string, unknown>>): TelemetrySettings {
  const { telemetry = {} } = settings;
  if (!isRecord(telemetry)) throw new TypeError("settings.telemetry must be an object");
  const { root, project = true, sdks = [] } = telemetry;
  if (root !== undefined && typeof root !== "string")
    throw new TypeError("settings.telemetry.root must be a path");
  if (typeof project !== "boolean") throw new TypeError("settings.telemetry.project must be true or false");
  const read: TelemetrySettings = { project, sdks: readSdks(sdks, "settings.telemetry.sdks") };
  return root === undefined ? read : { root, ...read };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
