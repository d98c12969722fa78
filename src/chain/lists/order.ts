import { linkWords } from "../../knowledge/link-words.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Call, Expr, Fn, Module } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { isWithin } from "../links.js";
import { itemName } from "./lists.js";
import { modulesSaying } from "../modules.js";
import { originOf } from "../same.js";
import { expressionsIn } from "../walk.js";

/**
 * A link reads the active span and stands outside of the link that makes it, in one list of interceptors or in the middleware of
 * one app. Something else (an instrumentation of the server) may have made a span before: this is strict.
 * `names`: the link that reads, the link that makes the span. `parts`: the two, in this order.
 */
export const order: Check = {
  id: "order",
  summary: "A link reads the active span and stands outside of the link that makes it.",
  strict: true,
  find: (project) =>
    modulesSaying(linkWords.chains, project).flatMap((module) =>
      chainsIn(module).flatMap(({ links, fn }) => misplacedIn(links, fn, project)),
    ),
  message: ({ names: [reader = "", maker = ""] }) =>
    `\`${reader}\` reads the active span, and \`${maker}\`, which makes it, comes after it and so inside of it: put \`${maker}\` first.`,
};

interface Chain {
  /** The outermost first. */
  links: readonly Expr[];
  fn: Fn;
}

/** The lists `interceptors: [a, b]`, and what is handed to `use` of one app in one function. */
function chainsIn(module: Module): Chain[] {
  const lists = expressionsIn(module).flatMap(({ e, fn }): Chain[] =>
    e.k === "obj"
      ? e.props.flatMap(({ name, value }) => {
          const list = name === "interceptors" ? originOf(value) : undefined;
          return list?.k === "arr" ? [{ links: list.items, fn }] : [];
        })
      : [],
  );
  const apps = new Map<object, Map<Fn, Call[]>>();
  for (const { call, fn } of module.calls) {
    const { callee } = call;
    const app = callee.k === "mem" && callee.p === "use" && callee.o.k === "id" ? callee.o.bind : undefined;
    if (!app) continue;
    const uses = apps.get(app) ?? new Map<Fn, Call[]>();
    apps.set(app, uses.set(fn, [...(uses.get(fn) ?? []), call]));
  }
  const mounted = [...apps.values()].flatMap((uses) =>
    // what is mounted at a path of its own is no part of the chain
    [...uses].map(([fn, calls]) => ({
      links: calls.flatMap(({ args }) => (args[0]?.k === "lit" ? [] : args)),
      fn,
    })),
  );
  return [...lists, ...mounted].filter(({ links }) => links.length > 1);
}

function misplacedIn(links: readonly Expr[], fn: Fn, project: Project): ChainBreak[] {
  const kinds = links.map((e) => kindOf(e, fn.module, project));
  const maker = kinds.indexOf("makes");
  const inner = links[maker];
  if (!inner) return [];
  return links.slice(0, maker).flatMap((outer, i): ChainBreak[] =>
    kinds[i] === "reads"
      ? [
          {
            kind: "chain-break",
            check: order.id,
            fn,
            at: outer.at,
            names: [itemName(outer), itemName(inner)],
            parts: [outer, inner],
            others: [{ fn, at: inner.at, message: "the span is made here" }],
          },
        ]
      : [],
  );
}

/** What the source of a link does with the active span. */
function kindOf(e: Expr, module: Module, project: Project): "makes" | "reads" | undefined {
  const [only, ...more] = project.values.of(e, module);
  if (only?.v !== "fn" || more.length > 0) return undefined;
  const { fn } = only;
  const names = fn.module.calls.flatMap(({ call, fn: at }) =>
    isWithin(at, fn) ? (apiName(call, fn.module, project) ?? []) : [],
  );
  if (names.some((n) => MAKES.test(n))) return "makes";
  return names.some((n) => READS.test(n)) ? "reads" : undefined;
}

/** The path of a function of the API of OpenTelemetry or Sentry that a call calls. */
function apiName({ callee }: Call, module: Module, project: Project): string | undefined {
  if (callee.k === "mem" && callee.p === "startActiveSpan") return callee.p;
  return project.values
    .of(callee, module)
    .flatMap((v) => (v.v === "sdk" && v.sdk.is === "namespace" ? [v.sdk.path] : []))[0];
}

/** These run a callback inside of a span. */
const MAKES = /^(default\.)?(startActiveSpan|context\.with|startSpan|startSpanManual|continueTrace)$/;
const READS = /^(default\.)?(trace\.)?(getActiveSpan|getSpan)$/;
