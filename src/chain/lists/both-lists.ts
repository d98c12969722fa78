import { linkWords } from "../../knowledge/link-words.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Call, Expr, Fn } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { callsOn, grpcClients } from "./grpc-clients.js";
import { listOf } from "./lists.js";
import { modulesSaying } from "../modules.js";
import { finalOf, type Option, type Options, optionsOf } from "./options.js";

/**
 * `interceptors` and `interceptor_providers` in the options of one grpc-js client, or of one call: it throws.
 * `names`: `client` or `call`. `parts`: the list of interceptors, the list of providers.
 */
export const bothLists: Check = {
  id: "both-lists",
  summary: "A gRPC client or call is given `interceptors` and `interceptor_providers`, which throws.",
  strict: false,
  find: (project) =>
    modulesSaying(linkWords.setup, project).flatMap((module) => {
      const clients = grpcClients(module, project);
      return [
        ...clients.flatMap(({ call, fn, options }) => bothIn([options], call, fn, "client", project)),
        ...clients
          .flatMap((client) => callsOn(client, module))
          .flatMap(({ call, fn }) => bothIn(call.args.slice(1), call, fn, "call", project)),
      ];
    }),
  message: ({ names: [of = ""] }) =>
    `grpc-js throws when a ${of} is given both \`interceptors\` and \`interceptor_providers\`: give all of them by one of the two.`,
};

function bothIn(
  given: readonly (Expr | undefined)[],
  call: Call,
  fn: Fn,
  of: "client" | "call",
  project: Project,
): ChainBreak[] {
  const { module } = fn;
  return given.flatMap((e): ChainBreak[] => {
    const options = e && e.k !== "fn" ? optionsOf(e, module, project) : undefined;
    const direct = options && filled(options, "interceptors", project);
    const made = options && filled(options, "interceptor_providers", project);
    if (!direct || !made) return [];
    const [first, last] = direct.value.at[0] < made.value.at[0] ? [direct, made] : [made, direct];
    const homeOf = (o: Option): Fn => (o.module === module ? fn : o.module.top);
    return [
      {
        kind: "chain-break",
        check: bothLists.id,
        fn: homeOf(last),
        at: last.value.at,
        call,
        names: [of],
        parts: [direct.value, made.value],
        others: [{ fn: homeOf(first), at: first.value.at, message: "the other list is given here" }],
      },
    ];
  });
}

/** An option that is a list with something in it: empty lists are as good as none. */
function filled(options: Options, name: string, project: Project): Option | undefined {
  const option = finalOf(options, name);
  const list = option && listOf(option.value, option.module, project);
  return list && list.items.length > 0 ? option : undefined;
}
