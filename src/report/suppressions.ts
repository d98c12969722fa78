import type { Finding } from "../finding.js";
import type { Silenced } from "./directives.js";

/** How many findings of a rule a file may keep: file -> rule -> count, as ESLint's bulk suppressions file says it. */
export type BulkSuppressions = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * Reads the text of `eslint-suppressions.json`. Entries of other plugins are left out.
 * @throws SyntaxError with a clear message when the text is not such a file.
 */
export function parseBulkSuppressions(text: string, prefix = "telemetry/"): BulkSuppressions {
  const data: unknown = JSON.parse(text);
  if (!isRecord(data)) throw new SyntaxError("it is not an object of files");
  const files = new Map<string, Map<string, number>>();
  for (const [file, rules] of Object.entries(data)) {
    if (!isRecord(rules)) throw new SyntaxError(`the entry of "${file}" is not an object of rules`);
    for (const [rule, entry] of Object.entries(rules)) {
      if (!rule.startsWith(prefix)) continue;
      const count = isRecord(entry) ? entry.count : undefined;
      if (typeof count !== "number") throw new SyntaxError(`"${rule}" of "${file}" has no count`);
      const counts = files.get(file) ?? new Map<string, number>();
      counts.set(rule.slice(prefix.length), count);
      files.set(file, counts);
    }
  }
  return files;
}

/**
 * Drops the findings that a comment silences, then those that a bulk entry covers. As in ESLint, a bulk entry covers all
 * findings of its rule and file, or, when there are more than it counts, none.
 * @param silenced gives the directives of a file, undefined when it has none
 */
export function applySuppressions(
  findings: readonly Finding[],
  silenced: (file: string) => Silenced | undefined,
  bulk: BulkSuppressions,
): Finding[] {
  const spoken = findings.filter(
    (finding) => !silenced(finding.file)?.(finding.rule, finding.line, finding.column),
  );
  const totals = new Map<string, number>();
  for (const finding of spoken) totals.set(keyOf(finding), (totals.get(keyOf(finding)) ?? 0) + 1);
  return spoken.filter((finding) => {
    const allowed = bulk.get(finding.file)?.get(finding.rule) ?? 0;
    return (totals.get(keyOf(finding)) ?? 0) > allowed;
  });
}

function keyOf(finding: Finding): string {
  return `${finding.rule}\0${finding.file}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
