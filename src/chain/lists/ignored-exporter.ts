import type { OptionFacts } from "../../knowledge/ignored-options.js";
import { linkWords } from "../../knowledge/link-words.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Call, Fn } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { isHandedElsewhere } from "./handed-elsewhere.js";
import { modulesSaying } from "../modules.js";
import { optionFactsOf } from "./option-facts.js";
import { isSurelyBelow, mayBeBelow } from "../../versions/older-versions.js";
import { finalOf, type Option, type Options, optionsOf } from "./options.js";
import { isPresentIn, mayBePresent } from "./presence.js";
import { originOf } from "../same.js";

/**
 * An option of the OpenTelemetry SDK that is given and not read: `traceExporter` beside `spanProcessors`, the singular beside
 * the plural, a name that the class does not know, or that its version does not know yet.
 * `names`: the option, what is read instead, the class. `parts`: the value, then (where another option wins) the value of that.
 */
export const ignoredExporter: Check = {
  id: "ignored-exporter",
  summary: "An exporter, processor or reader is given as an option that the SDK does not read.",
  strict: false,
  find: (project) =>
    modulesSaying(linkWords.setup, project).flatMap((module) =>
      module.calls.flatMap(({ call, fn }) => ignoredBy(call, fn, project)),
    ),
  message: ({ names: [option = "", read = "", cls = ""], parts = [] }) =>
    parts.length > 1
      ? `\`${cls}\` does not read \`${option}\` where \`${read}\` is given, so nothing comes to it: put it into \`${read}\` as well.`
      : read === option
        ? `The version of \`${cls}\` that is asked for does not know \`${option}\` yet, so nothing comes to it: ask for a newer one.`
        : `\`${cls}\` does not read \`${option}\`, so nothing comes to it: give it by \`${read}\`.`,
};

/** What is read instead of an option that is lost, and by which option that was given. */
interface Instead {
  read: string;
  winner?: Option;
}

function ignoredBy(call: Call, fn: Fn, project: Project): ChainBreak[] {
  const { module } = fn;
  const [given] = call.args;
  const facts = given && optionFactsOf(call, module, project);
  const options = facts && optionsOf(given, module, project);
  if (!options) return [];
  const cls = className(call, facts.classes);
  const homeOf = (o: Option): Fn => (o.module === module ? fn : o.module.top);
  return [...new Set(options.all.map(({ name }) => name))].flatMap((name): ChainBreak[] => {
    const option = options.all.findLast((o) => o.name === name);
    if (!option || !mayBePresent(option.value)) return [];
    const instead = insteadOf(option, options, facts, module.file, project);
    if (!instead) return [];
    const winners = instead.winner ? [instead.winner] : [];
    return [
      {
        kind: "chain-break",
        check: ignoredExporter.id,
        fn: homeOf(option),
        at: option.value.at,
        call,
        names: [name, instead.read, cls],
        parts: [option, ...winners].map((o) => o.value),
        others: winners.map((o) => ({ fn: homeOf(o), at: o.value.at, message: `${cls} reads this instead` })),
      },
    ];
  });
}

/** What is read in place of an option; undefined where it is read itself, or comes to its goal in another way. */
function insteadOf(
  option: Option,
  options: Options,
  facts: OptionFacts,
  file: string,
  project: Project,
): Instead | undefined {
  const { name, value, module } = option;
  const isUnknown = (option: string): boolean =>
    facts.unknownIn[option] !== undefined &&
    isSurelyBelow(file, facts.packages, facts.unknownIn[option], project);
  const isLost = (others: readonly Option[]): boolean =>
    !isHandedElsewhere(
      value,
      others.map((o) => o.value),
      module,
      project,
    );
  const winner = (facts.beside[name] ?? [])
    .filter((other) => !isUnknown(other))
    .flatMap((other) => finalOf(options, other) ?? [])[0];
  if (winner && isPresentIn(winner.value, winner.module, project))
    return isLost([winner]) ? { read: winner.name, winner } : undefined;
  const meant = facts.never[name] === undefined ? undefined : meantBy(option, facts.never[name]);
  if (meant !== undefined) {
    const others = options.all.filter((o) => o.name !== name);
    const isOld =
      facts.notBefore !== undefined &&
      facts.packages.some((p) => mayBeBelow(file, p, facts.notBefore ?? "", project));
    return isDefault(option, facts) || isOld || !isLost(others) ? undefined : { read: meant };
  }
  // both names are given for the version that is installed and for the next
  const singular = options.all.some((o) => `${o.name}s` === name);
  return !singular && isUnknown(name) ? { read: name } : undefined;
}

/** `exporter` is what any signal may be sent by: the class tells of which. */
function meantBy({ name, value }: Option, usual: string): string {
  const origin = originOf(value);
  const cls = name === "exporter" && origin.k === "call" ? className(origin, []) : "";
  if (usual !== "traceExporter") return usual;
  return /Metric|Prometheus/.test(cls) ? "metricReaders" : /Log/.test(cls) ? "logRecordProcessors" : usual;
}

/** `logRecordExporter: new OTLPLogExporter()`: NodeSDK makes the same of the environment when it is given none. */
function isDefault({ value }: Option, facts: OptionFacts): boolean {
  const origin = originOf(value);
  if (!facts.classes.includes("NodeSDK") || origin.k !== "call" || origin.args.length > 0) return false;
  return className(origin, []).startsWith("OTLP");
}

const className = ({ callee }: Call, classes: readonly string[]): string =>
  (callee.k === "mem" ? callee.p : callee.k === "id" ? callee.name : undefined) ?? classes[0] ?? "";
