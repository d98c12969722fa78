import { finalOf, optionsOf, type Option, type Options } from "../chain/lists/options.js";
import { limited, type LimitedFacts, type LimitFacts } from "../knowledge/processor-limits.js";
import type { Project } from "../program/project.js";
import type { Fn, Span } from "../syntax/ir.js";
import { numberOf } from "./numbers.js";
import { allParts, type Part } from "./parts.js";

/** A number that is given to a part of the SDK. */
export interface Setting {
  part: Part;
  facts: LimitFacts;
  option: Option;
  value: number;
  fn: Fn;
  at: Span;
}

/** The numbers of one part, as far as they are written out. */
export interface Limits {
  part: Part;
  facts: LimitedFacts;
  settings: readonly Setting[];
  /** Of these nobody knows the value, or whether they are given. */
  unknown: (option: string) => boolean;
}

const known = new WeakMap<Project, Limits[]>();

/** The settings of every part that a project makes. */
export function limitsOf(project: Project): readonly Limits[] {
  let limits = known.get(project);
  if (!limits) {
    limits = allParts(project).flatMap((part) => {
      const facts = limited.find((f) => f.classes.includes(part.name));
      return facts ? [limitsOfPart(part, facts, project)] : [];
    });
    known.set(project, limits);
  }
  return limits;
}

function limitsOfPart(part: Part, facts: LimitedFacts, project: Project): Limits {
  const { module } = part.fn;
  const given = facts.arguments.flatMap((index) => {
    const argument = part.call.args[index];
    const options = argument && optionsOf(argument, module, project);
    return options ? [options] : [];
  });
  const settings = facts.limits.flatMap((limit) =>
    given.flatMap((options) => settingOf(limit, options, part, project)),
  );
  // options that are no literal may say anything
  const opaque = part.call.args.some(
    (argument, index) =>
      facts.arguments.includes(index) && mayBeOptions(argument.k) && !optionsOf(argument, module, project),
  );
  const unknown = (option: string): boolean =>
    !settings.some((s) => s.facts.option === option) &&
    ((opaque && given.length === 0) ||
      given.some((o) => o.unknownAt !== undefined || o.all.some(({ name }) => name === option)));
  return { part, facts, settings, unknown };
}

const mayBeOptions = (kind: string): boolean => kind !== "lit";

function settingOf(facts: LimitFacts, options: Options, part: Part, project: Project): Setting[] {
  const option = finalOf(options, facts.option);
  const value = option && numberOf(option.value, option.module, project);
  if (!option || value === undefined) return [];
  const fn = option.module === part.fn.module ? part.fn : option.module.top;
  return [{ part, facts, option, value, fn, at: option.value.at }];
}

/** What a setting is, or is by default; undefined where nobody knows. */
export function valueOf({ settings, unknown, facts }: Limits, option: string): number | undefined {
  const given = settings.find((s) => s.facts.option === option);
  if (given) return given.value;
  return unknown(option) ? undefined : facts.limits.find((l) => l.option === option)?.usual;
}
