import type { Rule as EslintRule } from "eslint";
import type { Finding, Repair } from "../finding.js";
import { prevailingLineEnd, withLineEnds } from "../line-ends.js";
import { packageVersion } from "../package-root.js";
import type { Rule } from "../program/view.js";
import { readSettings } from "./settings.js";
import { findingsOf, type LintLevel, type LintedFindings } from "./workspaces.js";

/** Findings per parsed file, so that the rules of one file pay once. The key in the inner map is what was asked for. */
const known = new WeakMap<object, Map<string, LintedFindings | undefined>>();

type ListedRule = Pick<Rule, "name" | "summary" | "recommended" | "checks">;

interface Options {
  strict?: boolean;
  checks?: Record<string, boolean>;
}

/** The ESLint rule that reports the findings of one of our rules. */
export function eslintRule(rule: ListedRule): EslintRule.RuleModule {
  const { checks = [] } = rule;
  return {
    meta: {
      type: "problem",
      docs: {
        description: rule.summary,
        recommended: rule.recommended,
        url: `https://unpkg.com/telemetry-fix@${packageVersion()}/docs/rules/${rule.name}.md`,
      },
      languages: ["js/js"],
      hasSuggestions: true,
      messages: {
        ...(checks.length > 0
          ? Object.fromEntries(checks.map(({ id }) => [id, "{{message}}"]))
          : { finding: "{{message}}" }),
        repair: "{{title}}",
      },
      schema: [
        {
          type: "object",
          properties: {
            strict: { type: "boolean", description: "Asks for every live handle instead of one." },
            ...(checks.length > 0 ? { checks: switchesOf(checks) } : {}),
          },
          additionalProperties: false,
        },
      ],
      defaultOptions: [{ strict: false }],
    },
    create: (context) => ({
      Program() {
        const { strict = false, checks: switched } = (context.options[0] ?? {}) as Options;
        const linted = lintedFindings(context, { strict, checks: switched ? { [rule.name]: switched } : {} });
        for (const finding of linted?.findings ?? []) {
          if (linted && finding.rule === rule.name) report(context, linted, finding);
        }
      },
    }),
  };
}

/** One switch for each check of a rule. */
const switchesOf = (checks: NonNullable<Rule["checks"]>) => ({
  type: "object" as const,
  description: "Switches the checks of the rule on or off one by one.",
  properties: Object.fromEntries(
    checks.map(({ id, summary }) => [id, { type: "boolean" as const, description: summary }]),
  ),
  additionalProperties: false,
});

function lintedFindings(context: EslintRule.RuleContext, level: LintLevel): LintedFindings | undefined {
  const { sourceCode } = context;
  let results = known.get(sourceCode);
  if (!results) known.set(sourceCode, (results = new Map()));
  const key = JSON.stringify(level);
  if (!results.has(key)) {
    const { filename, physicalFilename, cwd } = context;
    const linted = { filename, physicalFilename, cwd, text: sourceCode.text };
    results.set(key, findingsOf(linted, readSettings(context.settings), level));
  }
  return results.get(key);
}

function report(context: EslintRule.RuleContext, linted: LintedFindings, finding: Finding): void {
  const repair = finding.fix === null ? undefined : linted.repair(finding);
  const isLocal = repair?.edits.every((edit) => edit.file === linted.file) ?? false;
  context.report({
    loc: {
      start: { line: finding.line, column: finding.column - 1 },
      end: { line: finding.endLine, column: finding.endColumn - 1 },
    },
    messageId: finding.check ?? "finding",
    data: { message: finding.message },
    suggest: repair && isLocal ? [suggestion(repair, context.sourceCode.text)] : [],
  });
}

/** Even a safe repair is only suggested: `--fix` on save must not rewrite how a program ends. */
function suggestion(repair: Repair, text: string): EslintRule.SuggestionReportDescriptor {
  const lineEnd = prevailingLineEnd(text);
  return {
    messageId: "repair",
    data: { title: repair.title },
    fix: (fixer) =>
      repair.edits.map((edit) =>
        fixer.replaceTextRange([edit.start, edit.end], withLineEnds(edit.text, lineEnd)),
      ),
  };
}
