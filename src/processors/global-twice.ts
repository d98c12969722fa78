import { finalOf, optionsOf } from "../chain/lists/options.js";
import { originOf } from "../chain/same.js";
import type { Hit } from "../flow/world.js";
import { homeOf } from "../ending/misplaced.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { says } from "../program/says.js";
import type { Call, Expr } from "../syntax/ir.js";
import { constructionOf, partsOf, type Part } from "./parts.js";

/** A start that asks the API to make a provider of traces the global one, and the construction that it is for. */
export interface Claim {
  hit: Hit;
  made: Part;
}

/** Options of `NodeSDK` with which it surely has a provider of traces with something behind it. */
const TRACES = ["traceExporter", "spanProcessor", "spanProcessors"];

/**
 * Providers of traces, or an SDK, that a program surely makes global where another provider is already. The API keeps the first
 * (run with SDK 1.22, 1.30 and 2.0: `register` and `setGlobalTracerProvider` say so to `diag` alone), so what comes over the API
 * never reaches the processors of the second. Where nothing is behind the second, or its own tracers are asked for, nothing is lost.
 */
export function claimedTwice(
  starts: readonly Hit[],
  run: Run,
  project: Project,
): { first: Claim; later: Claim }[] {
  const claims = starts.flatMap((hit) => claimOf(hit, project) ?? []);
  const [first, ...others] = claims;
  if (!first || mayGiveBack(run, project)) return [];
  return others
    .filter(
      ({ made }) =>
        made !== first.made &&
        // two SDKs are told of elsewhere
        !(isSdk(made) && isSdk(first.made)) &&
        hasProcessors(made, project) &&
        !isAskedItself(made, run, project),
    )
    .map((later) => ({ first, later }));
}

const isSdk = ({ cls }: Part): boolean => cls.facts.part === "sdk";

function claimOf(hit: Hit, project: Project): Claim | undefined {
  const given = claimedBy(hit);
  const made = given && madeBy(given, hit, project);
  if (!made) return undefined;
  // an SDK for metrics alone leaves the traces to others
  return isSdk(made) && !hasProcessors(made, project) ? undefined : { hit, made };
}

/** What a start makes global: the provider that it is called on, or given. */
function claimedBy({ call, value, facts }: Hit): Expr | undefined {
  if (!call || !value) return undefined;
  if (value.v === "sdk" && value.sdk.is === "call")
    return value.sdk.name === "trace.setGlobalTracerProvider"
      ? call.args[facts?.handleArgument ?? 0]
      : undefined;
  if (value.v !== "member" || call.callee.k !== "mem") return undefined;
  const { cls, name } = value.member;
  const isClaim = cls.facts.part === "sdk" ? name === "start" : name === "register";
  return isClaim ? call.callee.o : undefined;
}

function madeBy(e: Expr, { fn }: Hit, project: Project): Part | undefined {
  const home = e.k === "id" && e.bind ? homeOf(e.bind, fn.module, project) : undefined;
  const origin = constructionOf(originOf(e.k === "id" && home ? { ...e, bind: home.bind } : e));
  return partsOf(home?.module ?? fn.module, project).find(({ call }) => call === origin);
}

/** Something is surely given to it to process spans. */
function hasProcessors({ call, fn, cls }: Part, project: Project): boolean {
  const [config] = call.args;
  const options = config && optionsOf(config, fn.module, project);
  const named = (cls.facts.part === "sdk" ? TRACES : ["spanProcessors"]).some((name) => {
    const option = options && finalOf(options, name);
    return option && !(option.value.k === "arr" && option.value.items.length === 0);
  });
  return named || fn.module.calls.some((c) => isAddedTo(call, c.call));
}

const isAddedTo = (provider: Call, { callee }: Call): boolean =>
  callee.k === "mem" && callee.p === "addSpanProcessor" && constructionOf(callee.o) === provider;

/** A tracer of the provider itself works whoever is global. */
const isAskedItself = (made: Part, run: Run, project: Project): boolean =>
  [...run.files].some(
    (file) =>
      says(file, "getTracer", project) &&
      project.module(file)?.calls.some(({ call: { callee }, fn }) => {
        if (callee.k !== "mem" || callee.p !== "getTracer") return false;
        const home =
          callee.o.k === "id" && callee.o.bind ? homeOf(callee.o.bind, fn.module, project) : undefined;
        const asked = home && callee.o.k === "id" ? { ...callee.o, bind: home.bind } : callee.o;
        const origin = constructionOf(asked);
        // whatever else it is asked of may be this one, but for the API
        return (
          origin === made.call ||
          !project.values.of(callee.o, fn.module).every((v) => v.v === "sdk" && v.sdk.is === "namespace")
        );
      }) === true,
  );

const DISABLES = /\bdisable\(\s*\)/;

/** `trace.disable()` takes the first away. */
const mayGiveBack = (run: Run, project: Project): boolean =>
  [...run.files].some((file) => says(file, DISABLES, project) && !project.index.isTest(file));
