import { linkWords } from "../../knowledge/link-words.js";
import { removedResource } from "../../knowledge/provider-members.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Expr, Module } from "../../syntax/ir.js";
import { isGuarded } from "./capability.js";
import type { Check } from "../../program/rule-of-checks.js";
import { isOnlyWay } from "./dead-guards.js";
import { modulesSaying } from "../modules.js";
import { removedUsesIn, type RemovedUse } from "./removed-uses.js";
import { resourceUsesIn } from "./removed-resource.js";
import { isSame, originOf } from "../same.js";
import { staleProcessorsIn } from "./stale-processor.js";

/**
 * A member that the second major version of the OpenTelemetry SDK removed. `names`: the member, and `called`, `read`, `guarded`,
 * `stale` or `resource`. `parts`: the member as it is read, and the others of the same provider in the module.
 */
export const removedMember: Check = {
  id: "removed-member",
  summary: "A member that the second major version of the OpenTelemetry SDK removed.",
  strict: false,
  find: (project) =>
    modulesSaying(linkWords.removed, project).flatMap((module) => [
      ...providerBreaks(module, project),
      ...resourceBreaks(module, project),
      ...staleProcessorsIn(module, project),
    ]),
  message: ({ names: [name = "", kind] }) => {
    if (kind === "resource")
      return `@opentelemetry/resources 2, which this package asks for, exports \`Resource\` as a type only: \`${name}\` fails. Use \`${insteadOf(name)}\`.`;
    if (kind === "stale")
      return `The processor that \`getActiveSpanProcessor()\` hands out at this point is replaced when one is added, so \`${name}\` of it flushes none that comes later. Keep \`${name}\` of the provider, which reaches them all.`;
    const gone = `The version of the OpenTelemetry SDK that this package asks for has no \`${name}\` any more`;
    const [what, how] = REPLACED[name] ?? DELEGATED;
    if (kind === "guarded") return `${gone}: the guard never holds, and ${what}. ${how}`;
    return `${gone}: ${kind === "called" ? "the call throws" : "it is undefined"}, and ${what}. ${how}`;
  },
};

const DELEGATED = [
  "nothing is flushed",
  "Call `forceFlush()` or `shutdown()` of the provider, which reach every processor.",
] as const;

/** What is lost, and what to do. */
const REPLACED: Readonly<Record<string, readonly [string, string]>> = {
  addSpanProcessor: [
    "the processor gets no span",
    "Hand it to the constructor of the provider: `spanProcessors: [...]`.",
  ],
  addMetricReader: [
    "the reader gets no metric",
    "Hand it to the constructor of the provider: `readers: [...]`.",
  ],
  addLogRecordProcessor: [
    "the processor gets no log record",
    "Hand it to the constructor of the provider: `processors: [...]`.",
  ],
};

function insteadOf(name: string): string {
  if (name.startsWith("new ")) return `${removedResource.instead.new}(...)`;
  const member = name.split(".").at(-1) as "default" | "empty" | "EMPTY";
  return `${removedResource.instead[member]}()`;
}

/** One finding for each provider of a module. */
function providerBreaks(module: Module, project: Project): ChainBreak[] {
  const groups: RemovedUse[][] = [];
  for (const use of removedUsesIn(module, project)) {
    const group = groups.find(([first]) => first?.member === use.member && isSame(first.read.o, use.read.o));
    if (group) group.push(use);
    else groups.push([use]);
  }
  return groups.flatMap((group): ChainBreak[] => {
    const calls = group.filter((use) => use.call);
    const [first, ...others] = (calls.length > 0 ? calls : group).toSorted((a, b) => a.at[0] - b.at[0]);
    if (!first) return [];
    const guarded = isGuarded(first);
    // what is wrong with the proxy is the other check's to say; that the provider behind it has the member neither is a fault of its own
    if (first.ofProxy && !guarded) return [];
    if (guarded && !isOnlyWay(first, project)) return [];
    const { fn, at, call, member, read } = first;
    return [
      {
        kind: "chain-break",
        check: "removed-member",
        fn,
        at,
        names: [member.name, guarded ? "guarded" : call || !member.property ? "called" : "read"],
        // who looks for the member on a provider of others says so where it is not there, or does without
        ...(guarded && !isOwn(read.o) && { level: "note" as const }),
        ...(call && { call }),
        parts: [read, ...others.map((use) => use.read)],
        others: others.map((use) => ({ fn: use.fn, at: use.at, message: "the same here" })),
      },
    ];
  });
}

/** The module makes the provider itself. */
function isOwn(e: Expr): boolean {
  const origin = originOf(e);
  return origin.k === "call" && origin.isNew;
}

/** One finding for each module: it is the import that is wrong. */
function resourceBreaks(module: Module, project: Project): ChainBreak[] {
  const [first, ...others] = resourceUsesIn(module, project);
  if (!first) return [];
  const { fn, e, name } = first;
  return [
    {
      kind: "chain-break",
      check: "removed-member",
      fn,
      at: e.at,
      names: [name, "resource"],
      ...(e.k === "call" && { call: e }),
      parts: [e, ...others.map((use) => use.e)],
      others: others.map((use) => ({ fn: use.fn, at: use.e.at, message: "the same here" })),
    },
  ];
}
