import { listOf } from "../chain/lists/lists.js";
import { finalOf, optionsOf } from "../chain/lists/options.js";
import { originOf } from "../chain/same.js";
import { isSure } from "../chain/surely.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Binding, Expr, Fn, Module } from "../syntax/ir.js";
import { allParts, constructionOf, exporterGiven, partsOf, telemetryModules, type Part } from "./parts.js";

/** The lists of a provider or SDK each of whose items gets everything. */
const LISTS = ["spanProcessors", "logRecordProcessors", "processors", "metricReaders", "readers"];
const ADDERS = /^(addSpanProcessor|addLogRecordProcessor|addMetricReader)$/;

/**
 * Processors and exporters that get the same spans or records more than once.
 * `names`: what is there twice (`processor`, `exporter`, `destination`), its class.
 */
export function sentTwice(project: Project): ChainBreak[] {
  return [...listsOf(project), ...addedLists(project)].flatMap(({ items, module, fn }): ChainBreak[] => {
    const seen: Item[] = [];
    return items.flatMap((e): ChainBreak[] => {
      const item = itemOf(e, module, project);
      if (!item) return [];
      const twin = seen.flatMap((other) => twinOf(item, other, project) ?? [])[0];
      seen.push(item);
      if (!twin) return [];
      return [
        {
          kind: "chain-break",
          check: "sent-twice",
          fn,
          at: e.at,
          names: [twin.what, twin.name],
          parts: [e],
          others: [{ fn, at: twin.of.e.at, message: "it is given here already" }],
        },
      ];
    });
  });
}

interface Given {
  items: readonly Expr[];
  module: Module;
  fn: Fn;
}

/** The lists that providers and SDKs are made with. */
function listsOf(project: Project): Given[] {
  return allParts(project).flatMap((part): Given[] => {
    const { cls, call, fn } = part;
    if (cls.facts.part !== "provider" && cls.facts.part !== "sdk") return [];
    const [config] = call.args;
    const options = config && optionsOf(config, fn.module, project);
    if (!options) return [];
    return LISTS.flatMap((name): Given[] => {
      const option = finalOf(options, name);
      const list = option && listOf(option.value, option.module, project);
      return option && list?.module
        ? [{ items: list.items, module: list.module, fn: homeOf(part, list.module) }]
        : [];
    });
  });
}

const homeOf = ({ fn }: Part, module: Module): Fn => (fn.module === module ? fn : module.top);

/** What one function adds to one provider in any case. */
function addedLists(project: Project): Given[] {
  return telemetryModules(project).flatMap((module) => {
    const added = new Map<Binding, Map<string, Given & { items: Expr[] }>>();
    for (const { call, fn } of module.calls) {
      const { callee, args } = call;
      const provider = callee.k === "mem" && callee.o.k === "id" ? callee.o.bind : undefined;
      if (!provider || callee.k !== "mem" || !ADDERS.test(callee.p ?? "") || !args[0]) continue;
      if (!isSure(call, fn)) continue;
      const own = added.get(provider) ?? new Map<string, Given & { items: Expr[] }>();
      added.set(provider, own);
      const key = `${String(fn.id)}:${callee.p ?? ""}`;
      const known = own.get(key) ?? { items: [], module, fn };
      known.items.push(args[0]);
      own.set(key, known);
    }
    return [...added.values()].flatMap((own) => [...own.values()]);
  });
}

/** One of a list, and what makes it. */
interface Item {
  e: Expr;
  made: Part;
}

function itemOf(e: Expr, module: Module, project: Project): Item | undefined {
  const origin = originOf(e);
  const made = partsOf(module, project).find((p) => p.call === origin);
  return made && (made.cls.facts.part === "processor" || made.cls.facts.part === "reader")
    ? { e, made }
    : undefined;
}

interface Twin {
  what: "processor" | "exporter" | "destination";
  name: string;
  of: Item;
}

function twinOf({ made }: Item, of: Item, project: Project): Twin | undefined {
  if (made.call === of.made.call) return { what: "processor", name: made.name, of };
  const [one, other] = [made, of.made].map((p) => exporterPart(p, project));
  if (!one || !other || one.cls.facts.buffering === "none") return undefined;
  if (one.call === other.call) return { what: "exporter", name: one.name, of };
  const same = one.fn.module === other.fn.module && textOf(one, project) === textOf(other, project);
  return same ? { what: "destination", name: one.name, of } : undefined;
}

function exporterPart(part: Part, project: Project): Part | undefined {
  const given = exporterGiven(part, project);
  const origin = given && constructionOf(given);
  return partsOf(part.fn.module, project).find((p) => p.call === origin && p.cls.facts.part === "exporter");
}

const textOf = ({ call, fn }: Part, project: Project): string =>
  (project.index.read(fn.module.file) ?? "").slice(...call.at).replace(/\s+/g, "");
