import type { Level } from "../finding.js";
import type { ChainBreak } from "./details.js";
import type { Project } from "./project.js";
import type { Report, Rule } from "./view.js";

/** One question of a rule about interceptor chains, with a name by which it can be switched. */
export interface Check {
  id: string;
  /** One sentence for the page and the editor. */
  summary: string;
  /** Off unless it is asked for. */
  strict: boolean;
  find(project: Project): ChainBreak[];
  /** What is lost, where, and what to do, in one sentence. */
  message(found: ChainBreak): string;
}

/** A rule that is made of checks: every place is reported once, by the first check that names it. */
export function ruleOfChecks(
  rule: { name: string; level: Level; summary: string; recommended: boolean },
  checks: readonly Check[],
): Rule {
  return {
    ...rule,
    fixable: true,
    checks: checks.map(({ id, strict, summary }) => ({ id, strict, summary })),
    check(project, { strict, checks: switched = {} }) {
      const found = new Map<string, Report>();
      for (const check of checks) {
        const asked = switched[check.id];
        if (!(asked ?? (strict || !check.strict))) continue;
        for (const broken of check.find(project)) {
          if (broken.strict && !strict && asked !== true) continue;
          const key = `${broken.fn.module.file}:${String(broken.at[0])}`;
          if (!found.has(key)) found.set(key, report(rule, check, broken));
        }
      }
      return [...found.values()];
    },
  };
}

function report(rule: { name: string; level: Level }, check: Check, broken: ChainBreak): Report {
  const { fn, at, call, level, others = [] } = broken;
  return {
    rule: rule.name,
    check: check.id,
    level: level ?? rule.level,
    module: fn.module,
    at,
    fn,
    message: check.message(broken),
    why: others,
    call,
    details: broken,
  };
}
