import type { Rule as EslintRule } from "eslint";
import type { Finding, Repair } from "../finding.js";
import { prevailingLineEnd, withLineEnds } from "../line-ends.js";
import { packageVersion } from "../package-root.js";
import type { Rule } from "../program/view.js";
import { readSettings } from "./settings.js";
import { findingsOf, type LintedFindings } from "./workspaces.js";

/** Findings per parsed file, so that the rules of one file pay once. The key in the inner map is `strict`. */
const known = new WeakMap<object, Map<boolean, LintedFindings | undefined>>();

/** The ESLint rule that reports the findings of one of our rules. */
export function eslintRule(rule: Pick<Rule, "name" | "summary" | "recommended">): EslintRule.RuleModule {
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
      messages: { finding: "{{message}}", repair: "{{title}}" },
      schema: [
        {
          type: "object",
          properties: {
            strict: { type: "boolean", description: "Asks for every live handle instead of one." },
          },
          additionalProperties: false,
        },
      ],
      defaultOptions: [{ strict: false }],
    },
    create: (context) => ({
      Program() {
        const options = context.options[0] as { strict?: boolean } | undefined;
        const linted = lintedFindings(context, options?.strict ?? false);
        for (const finding of linted?.findings ?? []) {
          if (linted && finding.rule === rule.name) report(context, linted, finding);
        }
      },
    }),
  };
}

function lintedFindings(context: EslintRule.RuleContext, strict: boolean): LintedFindings | undefined {
  const { sourceCode } = context;
  let results = known.get(sourceCode);
  if (!results) known.set(sourceCode, (results = new Map()));
  if (!results.has(strict)) {
    const { filename, physicalFilename, cwd } = context;
    const linted = { filename, physicalFilename, cwd, text: sourceCode.text };
    results.set(strict, findingsOf(linted, readSettings(context.settings), strict));
  }
  return results.get(strict);
}

function report(context: EslintRule.RuleContext, linted: LintedFindings, finding: Finding): void {
  const repair = finding.fix === null ? undefined : linted.repair(finding);
  const isLocal = repair?.edits.every((edit) => edit.file === linted.file) ?? false;
  context.report({
    loc: {
      start: { line: finding.line, column: finding.column - 1 },
      end: { line: finding.endLine, column: finding.endColumn - 1 },
    },
    messageId: "finding",
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
