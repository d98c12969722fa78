import type { CallFacts, ExportFacts, Role, Style, Vendor } from "./knowledge/schema.js";

/** One in-house SDK as a user describes it in `settings.telemetry.sdks`. */
export interface SdkSetting {
  /** Module specifier under which the program imports it. */
  module: string;
  /** How a finding calls it; the module by default. */
  name?: string;
  /** Records by itself once started. */
  ambient?: boolean;
  /** By exported name: its role, or role and style (`promise` by default, `sync` for start and capture). */
  calls: Record<string, Role | { role: Role; style?: Style }>;
}

/** The tables that the settings stand for. */
export function vendorsOf(settings: SdkSetting[]): Vendor[] {
  return settings.map((s) => ({
    name: s.name ?? s.module,
    ambient: s.ambient ?? true,
    buffering: "batch",
    naturalEndDelivers: false,
    capturesCrashes: false,
    packages: [
      {
        specifiers: [s.module],
        exports: Object.fromEntries(Object.entries(s.calls).map(([name, call]) => [name, exportOf(call)])),
      },
    ],
  }));
}

function exportOf(call: Role | { role: Role; style?: Style }): ExportFacts {
  const role = typeof call === "string" ? call : call.role;
  const style: Style | undefined = typeof call === "string" ? undefined : call.style;
  const facts: CallFacts = {
    role,
    style: style ?? (role === "flush" || role === "close" ? "promise" : "sync"),
  };
  return { kind: "function", ...facts };
}
