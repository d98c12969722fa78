import { linkWords } from "../../knowledge/link-words.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import { returnsOf } from "../../program/value-sets.js";
import type { Binding, Call, Expr, Fn, Module } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { modulesSaying } from "../modules.js";
import { choicesOf, functionOf, isWithin } from "../originals.js";
import { isRead, isSame, originOf } from "../same.js";
import { expressionsIn, variablesOf } from "../walk.js";

/**
 * A response interceptor of axios returns the data of the response, and one that runs after it reads what is no more there. `names`: the
 * members that it reads. `parts`: the call of `use` that unwraps.
 */
export const laterLink: Check = {
  id: "later-link",
  summary: "A response interceptor returns the data of the response, and a later one reads the response.",
  strict: false,
  find: (project) => modulesSaying(linkWords.later, project).flatMap((module) => breaksIn(module, project)),
  message: ({ names }) =>
    `An interceptor before this one returns \`response.data\`, so ${listed(names)} ${names.length > 1 ? "are" : "is"} read from the data here: register the one that unwraps last.`,
};

const listed = (names: readonly string[]): string => names.map((n) => `\`${n}\``).join(" and ");

/** What axios knows of a response besides the data, with the versions 0.x and 1.x; data may well have a `status` of its own. */
const OF_RESPONSE = new Set(["statusText", "headers", "config", "request"]);

interface Registered {
  on: Expr;
  fn: Fn;
  call: Call;
  at: Fn;
}

/** Response interceptors run in the order in which they are registered. */
function breaksIn(module: Module, project: Project): ChainBreak[] {
  const registered = module.calls
    .flatMap(({ call, fn }) => registrationOf(call, fn, project))
    .sort((a, b) => a.call.at[0] - b.call.at[0]);
  return registered.flatMap((later, index): ChainBreak[] => {
    const before = registered
      .slice(0, index)
      .find(({ on, fn, at }) => isSame(on, later.on) && at === later.at && unwraps(fn));
    const names = before ? readOf(later.fn) : [];
    if (!before || names.length === 0) return [];
    return [
      {
        kind: "chain-break",
        check: "later-link",
        fn: later.at,
        at: later.call.at,
        call: later.call,
        names,
        parts: [before.call],
        others: [{ fn: before.at, at: before.call.at, message: "Only the data goes on from here" }],
      },
    ];
  });
}

/** `client.interceptors.response.use((response) => ...)`. */
function registrationOf(call: Call, at: Fn, project: Project): Registered[] {
  const { callee, args } = call;
  const [handler] = args;
  if (callee.k !== "mem" || callee.p !== "use" || callee.o.k !== "mem" || callee.o.p !== "response")
    return [];
  const list = callee.o.o;
  if (list.k !== "mem" || list.p !== "interceptors" || !handler) return [];
  const written = functionOf(handler);
  const found = written
    ? [written]
    : project.values.of(handler, at.module).flatMap((v) => (v.v === "fn" ? [v.fn] : []));
  const [fn, ...more] = found;
  return fn && more.length === 0 ? [{ on: list.o, fn, call, at }] : [];
}

/** Whatever it returns is the data of the response. */
function unwraps(fn: Fn): boolean {
  const [response, ...more] = fn.params[0] ?? [];
  const returned = returnsOf(fn.body).flatMap(choicesOf);
  if (returned.length === 0) return false;
  if (response?.param?.path.length === 0 && more.length === 0)
    return returned.every((e) => isData(e, response));
  return returned.every((e) => e.k === "id" && e.bind?.param?.fn === fn && e.bind.param.path[0] === "data");
}

/** `response.data`, or something in it. */
const isData = (e: Expr, response: Binding): boolean =>
  e.k === "mem" && ((e.p === "data" && isRead(originOf(e.o), response)) || isData(originOf(e.o), response));

/** What an interceptor reads of the response besides its data. */
function readOf(fn: Fn): string[] {
  const [response, ...more] = fn.params[0] ?? [];
  if (response?.param?.path.length === 0 && more.length === 0) {
    const taken = variablesOf(fn.module).flatMap((bind) => bind.values.map((e) => ({ e, fn: bind.owner })));
    const reads = [...expressionsIn(fn.module), ...taken]
      .filter(({ fn: at }) => isWithin(at, fn))
      .flatMap(({ e }) => (e.k === "mem" && isRead(originOf(e.o), response) ? (e.p ?? []) : []))
      .filter((name) => OF_RESPONSE.has(name));
    return [...new Set(reads)];
  }
  const taken = (fn.params[0] ?? []).flatMap(({ param }) => param?.path[0] ?? []);
  return [...new Set(taken)].filter((name) => OF_RESPONSE.has(name));
}
