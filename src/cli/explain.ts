import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.js";
import { CannotRun, exitCodes } from "./exit-codes.js";
import type { Host } from "./host.js";
import { renderMarkdown } from "./markdown.js";

/**
 * Prints the page of a rule. Gives the exit code.
 * @param rule with or without the plugin's prefix
 * @throws CannotRun for a rule that does not exist
 */
export function explain(host: Host, rule: string): number {
  const folder = join(packageRoot(), "docs", "rules");
  const rules = readdirSync(folder)
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.slice(0, -".md".length))
    .sort();
  const name = rule.replace(/^telemetry\//, "");
  if (!rules.includes(name))
    throw new CannotRun(`No rule is named "${rule}". The rules are: ${rules.join(", ")}`);
  host.stdout.write(renderMarkdown(readFileSync(join(folder, `${name}.md`), "utf8"), host.stdout.colors));
  return exitCodes.clean;
}
