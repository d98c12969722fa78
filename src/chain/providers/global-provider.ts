import type { SdkCall } from "../../facts/lookup.js";
import { linkWords } from "../../knowledge/link-words.js";
import {
  sdkProviderMembers,
  tracerProviders,
  type ProviderMember,
} from "../../knowledge/provider-members.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Module } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { modulesSaying } from "../modules.js";
import { isAttachedElsewhere } from "./attached-elsewhere.js";
import { proxyUsesIn, type ProxyUse } from "./global-proxy-uses.js";
import { isWithin } from "../links.js";
import { expressionsIn } from "../walk.js";

/**
 * The global tracer provider is a proxy that has no member of the SDK's provider. `names`: the member or class of the first use, its
 * kind, and the members or classes of all others. `call`: where the proxy comes from. `parts`: every such call.
 */
export const globalProvider: Check = {
  id: "global-provider",
  summary: "The global tracer provider is a proxy that has no member of the SDK's provider.",
  strict: false,
  find,
  message: ({ names: [name = "", kind = "call"], call, level }) => {
    const what =
      call === undefined
        ? "The provider that an instrumentation is given is the API's `ProxyTracerProvider`"
        : "`trace.getTracerProvider()` always gives a `ProxyTracerProvider`";
    if (kind === "class")
      return `${what}, which is no \`${name}\`: this test never holds, whatever was registered. ${ADVICE}`;
    if (level === "note")
      return `${what}, which has no \`${name}\`: this branch is dead, and only what else is flushed here matters. Leave it out, or ask the proxy for the provider behind it with \`getDelegate()\`.`;
    const member = sdkProviderMembers[name] ?? "read";
    return `${what}, which has no \`${name}\`: ${CONSEQUENCE[kind as Exclude<ProxyUse["kind"], "class">](member)}. ${ADVICE}`;
  },
};

const ADVICE = "Keep the provider that the program created, or ask the proxy for it with `getDelegate()`.";

const LOST: Readonly<Record<ProviderMember, string>> = {
  flush: "no span is flushed",
  close: "no span is flushed and nothing is closed",
  attach: "the span processor gets no span",
  start: "nothing is registered",
  read: "what is read from it is missing",
};

const CONSEQUENCE = {
  call: (member: ProviderMember) => `the call throws and ${LOST[member]}`,
  skip: (member: ProviderMember) => `the call is skipped and ${LOST[member]}`,
  test: (member: ProviderMember) =>
    member === "start"
      ? "it is never there, and the test never holds"
      : `it is ${member === "read" ? "undefined" : "never there"}, so ${LOST[member]}`,
} as const;

/** One finding for each function that asks for the proxy, at its first use; at the top level, for each place. */
function find(project: Project): ChainBreak[] {
  const byOrigin = new Map<string, ProxyUse[]>();
  for (const module of modulesWithProxies(project)) {
    for (const use of proxyUsesIn(module, project)) {
      const [origin] = use.origins;
      if (!origin) continue;
      const { id, kind, module: home } = origin.fn;
      const key = `${home.file}:${String(kind === "module" ? origin.at[0] : id)}:${kind}`;
      const known = byOrigin.get(key);
      if (known) known.push(use);
      else byOrigin.set(key, [use]);
    }
  }
  return [...byOrigin.values()].flatMap((uses) => broken(uses, project) ?? []);
}

/** The modules that ask for the global provider, and those that import something from them. */
function modulesWithProxies(project: Project): Module[] {
  const asking = modulesSaying(linkWords.provider, project);
  const files = new Set(asking.map((module) => module.file));
  for (const { file, exports, reexports } of asking) {
    if (exports.size === 0 && reexports.length === 0) continue;
    for (const importer of project.index.importers(file))
      if (!project.index.isTest(importer) && !project.index.scan(importer).generated) files.add(importer);
  }
  return [...files].sort().flatMap((file) => project.module(file) ?? []);
}

function broken(uses: ProxyUse[], project: Project): ChainBreak | undefined {
  const inOrder = uses.toSorted((a, b) =>
    a.fn.module.file === b.fn.module.file ? a.at[0] - b.at[0] : a.fn.module.file < b.fn.module.file ? -1 : 1,
  );
  const [first, ...others] = inOrder;
  const origin = first?.origins[0];
  if (!first || !origin || isAttachedElsewhere(inOrder)) return undefined;
  const isDead = first.kind !== "call" && inOrder.every((use) => hasAnother(use, project));
  return {
    kind: "chain-break",
    check: "global-provider",
    fn: first.fn,
    at: first.at,
    names: [first.name, first.kind, ...new Set(others.map((use) => use.name))],
    parts: [...new Set(inOrder.flatMap((use) => use.origins[0]?.call ?? []))],
    ...(origin.call && { call: origin.call }),
    ...(isDead && { level: "note" as const }),
    others: [
      ...(origin.call && (origin.fn !== first.fn || origin.at[0] !== first.at[0])
        ? [{ fn: origin.fn, at: origin.at, message: "the proxy is asked for here" }]
        : []),
      ...others
        .filter((use) => use.kind === "call" || use.fn !== first.fn)
        .map((use) => ({ fn: use.fn, at: use.at, message: `\`${use.name}\` is used here as well` })),
    ],
  };
}

/** Whether the function around a use flushes or closes the spans in another way as well: then only a branch is dead. */
function hasAnother(use: ProxyUse, project: Project): boolean {
  const member = sdkProviderMembers[use.name];
  if (use.kind !== "class" && member !== "flush" && member !== "close") return false;
  const { module } = use.fn;
  return expressionsIn(module).some(({ e, fn }) => {
    if (e.k !== "call" || e.callee.k !== "mem" || !isWithin(fn, use.fn)) return false;
    return project.values.of(e.callee, module).some((v) => v.v === "member" && endsSpans(v.member));
  });
}

const endsSpans = ({ cls: { name, facts }, facts: { role } }: SdkCall): boolean => {
  const bare = name.split(".").at(-1) ?? "";
  const hasSpans = facts.part === "sdk" || tracerProviders.has(bare) || bare.endsWith("SpanProcessor");
  return hasSpans && (role === "flush" || role === "close");
};
