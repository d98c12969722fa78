import { linkWords } from "../../knowledge/link-words.js";
import { providerEnds, providerNouns } from "../../knowledge/provider-settings.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Fn, Span } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { modulesSaying } from "../modules.js";
import { isSure } from "../surely.js";
import { providerWords, type StandIn, standInHandoversIn, standInsOf } from "../stand-ins.js";

/**
 * A stand-in for a provider lacks members that its users call. `names`: what it stands for, the member, and who calls it
 * (`call`: the program; `instrumentation`).
 */
export const standIn: Check = {
  id: "stand-in",
  summary: "A stand-in for a provider lacks members that its users call.",
  strict: false,
  find: (project) => [...handedOver(project), ...called(project)],
  message: ({ names: [noun = "", member = "", by = ""] }) =>
    by === "call"
      ? `This stand-in for a ${noun} has no \`${member}\`, which the program calls on it: the call throws. Add one that returns a resolved promise.`
      : `This stand-in for a ${noun} has no \`${member}\`, which the SDK's provider has and instrumentations that flush, such as that of AWS Lambda, call: they report an error each time. Add one that returns a resolved promise.`,
};

/** Given to instrumentations, of which one may flush what it is given. */
const handedOver = (project: Project): ChainBreak[] =>
  modulesSaying(providerWords, project).flatMap((module) =>
    standInHandoversIn(module, project).flatMap(({ standIns, call, fn }) =>
      standIns
        .filter((of) => of.noun !== providerNouns.getLogger && of.member("forceFlush") === undefined)
        .map((of) =>
          broken(of, "forceFlush", "instrumentation", {
            ...{ fn, call, level: "warning", at: call.at, message: "it is handed to instrumentations here" },
          }),
        ),
    ),
  );

/** The program itself calls it, on what is the SDK's provider at other times. */
function called(project: Project): ChainBreak[] {
  return modulesSaying(linkWords.lifecycle, project).flatMap((module) =>
    module.calls.flatMap(({ call, fn }) => {
      const { callee } = call;
      if (callee.k !== "mem" || callee.p === undefined || callee.optional || call.optional) return [];
      const { o, p } = callee;
      if (!providerEnds.includes(p) || !isSure(call, fn)) return [];
      if (!project.values.of(o, module).some((v) => v.v === "sdk" && v.sdk.is === "handle")) return [];
      return Object.keys(providerNouns)
        .flatMap((getter) => standInsOf(o, getter, module, project))
        .filter((of) => of.member(p) === undefined)
        .map((of) =>
          broken(of, p, "call", { fn, call, at: call.at, message: `\`${p}\` is called on it here` }),
        );
    }),
  );
}

interface Use {
  fn: Fn;
  call: ChainBreak["call"];
  at: Span;
  message: string;
  level?: ChainBreak["level"];
}

function broken(of: StandIn, member: string, by: string, { fn, call, at, message, level }: Use): ChainBreak {
  const head: Span = [of.at[0], of.at[0] + 1];
  return {
    ...{ kind: "chain-break", check: standIn.id, fn: ownerOf(of), at: head },
    ...(call ? { call } : {}),
    ...(level ? { level } : {}),
    names: [of.noun, member, by],
    parts: of.obj ? [of.obj] : [],
    others: [{ fn, at, message }],
  };
}

/** The function in which a stand-in is written. */
const ownerOf = ({ module, at }: StandIn): Fn =>
  module.fns.reduce(
    (found, fn) => (fn.at[0] <= at[0] && fn.at[1] >= at[1] && fn.at[0] >= found.at[0] ? fn : found),
    module.top,
  );
