import { linkWords } from "../../knowledge/link-words.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import { returnsOf } from "../../program/value-sets.js";
import type { Call, Expr, Fn, Module } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { callsOn, type GrpcClient, grpcClients } from "./grpc-clients.js";
import { holds, itemName, type List, listOf } from "./lists.js";
import { modulesSaying } from "../modules.js";
import { finalOf, type Option, optionsOf } from "./options.js";
import { isSame, originOf } from "../same.js";
import { isTelemetry } from "./telemetry-links.js";

/** The two options that make one list of interceptors; each may be given to the client and to a call. */
const LISTS = ["interceptors", "interceptor_providers"] as const;

/**
 * A call of a grpc-js client is given interceptors of its own: then those of the client do not run for it.
 * `names`: what does not run. `parts`: the list of the call, the list of the client, then what does not run.
 */
export const callLevel: Check = {
  id: "call-level",
  summary: "A call of a gRPC client is given its own interceptors, and those of the client do not run.",
  strict: false,
  find: (project) =>
    modulesSaying(linkWords.setup, project).flatMap((module) =>
      grpcClients(module, project).flatMap((client) => overridden(client, module, project)),
    ),
  message: ({ names }) =>
    `The interceptors of this call replace those of its client, so ${names.join(" and ")} ${
      names.length > 1 ? "do" : "does"
    } not run for it: list ${names.length > 1 ? "them" : "it"} here as well.`,
};

function overridden(client: GrpcClient, module: Module, project: Project): ChainBreak[] {
  const own = listIn(client.options, module, project);
  if (!own || own.list.items.length === 0) return [];
  return callsOn(client, module).flatMap(({ call, fn }): ChainBreak[] => {
    const given = givenTo(call, fn, project);
    if (!given || given.list.items.length === 0) return [];
    const known = knownSpreads(given.list, own, module, project);
    if (known === undefined) return [];
    const missing = own.list.items.filter(
      (item) => ![given.list, ...known].some((l) => holds(l, item, own.list.module, project)),
    );
    if (missing.length === 0) return [];
    const lost = missing.some((item) => isTelemetry(item, own.option.module, project));
    return [
      {
        kind: "chain-break",
        check: callLevel.id,
        fn,
        at: given.option.value.at,
        call,
        names: [...new Set(missing.map((item) => `\`${itemName(item)}\``))],
        level: lost ? "error" : "warning",
        parts: [given.option.value, own.option.value, ...missing],
        others: [
          {
            fn: own.option.module === module ? client.fn : own.option.module.top,
            at: own.option.value.at,
            message: "the client is made with these",
          },
        ],
      },
    ];
  });
}

/** The list of interceptors in an options object, where the program writes it out. */
function listIn(
  e: Expr | undefined,
  module: Module,
  project: Project,
): { option: Option; list: List } | undefined {
  const options = e && optionsOf(e, module, project);
  if (!options) return undefined;
  for (const name of LISTS) {
    const option = finalOf(options, name);
    const list = option && listOf(option.value, option.module, project);
    if (list && list.items.length + list.spreads.length > 0)
      return { option, list: { ...list, items: list.items.map(givenBy) } };
  }
  return undefined;
}

/** A provider that always gives the same interceptor is as good as that. */
function givenBy(item: Expr): Expr {
  const origin = originOf(item);
  if (origin.k !== "fn" || origin.fn.params.length > 0) return item;
  const [only, ...more] = returnsOf(origin.fn.body);
  return only && more.length === 0 ? only : item;
}

/** The first argument is the message, and options may follow anywhere behind it. */
function givenTo(call: Call, fn: Fn, project: Project): ReturnType<typeof listIn> {
  for (const argument of call.args.slice(1)) {
    const found = argument.k === "fn" ? undefined : listIn(argument, fn.module, project);
    if (found) return found;
  }
  return undefined;
}

/** What is spread into the list of a call, as lists; undefined when one of them may be the client's own. */
function knownSpreads(
  given: List,
  own: { option: Option; list: List },
  module: Module,
  project: Project,
): List[] | undefined {
  const lists: List[] = [];
  for (const e of given.spreads) {
    if (isSame(originOf(e), originOf(own.option.value))) return undefined;
    const list = listOf(e, module, project);
    if (!list || list.spreads.length > 0) return undefined;
    lists.push(list);
  }
  return lists;
}
