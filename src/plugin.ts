import type { ESLint, Linter } from "eslint";
import { rules } from "../rules/index.js";
import type { Level } from "./finding.js";
import { packageVersion } from "./package-root.js";
import { eslintRule } from "./plugin/rule.js";

const severity: Record<Level, Linter.StringSeverity> = { error: "error", warning: "warn", note: "warn" };

/** The plugin for ESLint 9 and 10, and for oxlint as a `jsPlugin`. */
interface TelemetryPlugin extends ESLint.Plugin {
  meta: { name: string; version: string; namespace: string };
  rules: NonNullable<ESLint.Plugin["rules"]>;
  configs: { recommended: Linter.Config; strict: Linter.Config };
}

const plugin: TelemetryPlugin = {
  meta: { name: "telemetry-fix", version: packageVersion(), namespace: "telemetry" },
  rules: Object.fromEntries(rules.map((rule) => [rule.name, eslintRule(rule)])),
  configs: { recommended: {}, strict: {} },
};

plugin.configs.recommended = {
  name: "telemetry/recommended",
  plugins: { telemetry: plugin },
  rules: Object.fromEntries(
    rules.filter((rule) => rule.recommended).map((rule) => [`telemetry/${rule.name}`, severity[rule.level]]),
  ),
};

plugin.configs.strict = {
  name: "telemetry/strict",
  plugins: { telemetry: plugin },
  rules: Object.fromEntries(
    rules.map((rule) => [`telemetry/${rule.name}`, [severity[rule.level], { strict: true }]]),
  ),
};

export default plugin;
