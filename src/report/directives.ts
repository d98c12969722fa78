import { type Comment, lineStarts, positionOf } from "../syntax/parse.js";

/** Tells whether a comment of the file silences a rule at a place (1-based line and column). */
export type Silenced = (rule: string, line: number, column: number) => boolean;

interface Switch {
  off: boolean;
  /** Rule as written, prefix included; undefined means every rule. */
  rule: string | undefined;
  line: number;
  column: number;
}

const label = /^(?:eslint|oxlint)-(disable|enable|disable-line|disable-next-line)(?:\s|$)/u;
const configured = /^eslint\s/u;

/** A quick test that spares parsing: false means that no comment of the text can silence anything. */
export function mayHaveDirectives(text: string): boolean {
  return /(?:es|ox)lint-disable|\/\*\s*eslint\s/u.test(text);
}

/**
 * Reads the directive comments of a file as ESLint does: `eslint-disable` and `eslint-enable` ranges in block comments,
 * `eslint-disable-line`, `eslint-disable-next-line`, and `eslint telemetry/rule: off`. The part after ` -- ` is a reason
 * and is not read. oxlint's spelling of the same comments counts too.
 */
export function silencedBy(text: string, comments: readonly Comment[], prefix = "telemetry/"): Silenced {
  const starts = lineStarts(text);
  const ranges: Switch[] = [];
  const lines = new Map<number, Set<string | undefined>>();
  const off = new Set<string>();

  for (const comment of comments) {
    const directive = (comment.value.split(/\s-{2,}\s/u)[0] ?? "").trim();
    if (comment.type === "Block" && configured.test(directive)) {
      for (const rule of rulesTurnedOff(directive, prefix)) off.add(rule);
      continue;
    }
    const match = label.exec(directive);
    if (!match) continue;
    const kind = match[1];
    const rules = ruleList(directive.slice(match[0].length));
    const start = positionOf(starts, comment.start);
    const end = positionOf(starts, comment.end);
    if (kind === "disable-line" || kind === "disable-next-line") {
      if (kind === "disable-line" && start.line !== end.line) continue;
      const line = kind === "disable-line" ? start.line : end.line + 1;
      const silenced = lines.get(line) ?? new Set();
      for (const rule of rules) silenced.add(rule);
      lines.set(line, silenced);
    } else if (comment.type === "Block") {
      for (const rule of rules) ranges.push({ off: kind === "disable", rule, ...start });
    }
  }

  return (rule, line, column) => {
    const name = prefix + rule;
    if (off.has(name)) return true;
    const onLine = lines.get(line);
    if (onLine && (onLine.has(undefined) || onLine.has(name))) return true;
    const last = ranges.findLast(
      (range) =>
        (range.rule === undefined || range.rule === name) &&
        (range.line < line || (range.line === line && range.column <= column)),
    );
    return last?.off ?? false;
  };
}

function ruleList(text: string): (string | undefined)[] {
  const names = text
    .split(",")
    .map((name) => name.trim().replace(/^(['"]?)(.*)\1$/su, "$2"))
    .filter((name) => name !== "");
  return names.length > 0 ? names : [undefined];
}

/** Only whole-rule switches are read: any other configuration in a comment is the linter's business. */
function rulesTurnedOff(directive: string, prefix: string): string[] {
  const pairs = directive.matchAll(/["']?([\w@./-]+)["']?\s*:\s*\[?\s*(?:"off"|'off'|off\b|0\b)/gu);
  return [...pairs].map((pair) => pair[1] ?? "").filter((rule) => rule.startsWith(prefix));
}
