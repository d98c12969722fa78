import { linkWords } from "../../../knowledge/link-words.js";
import { providerEnds } from "../../../knowledge/provider-settings.js";
import { resultKinds } from "../../../knowledge/result-kinds.js";
import type { ChainBreak } from "../../../program/details.js";
import type { Project } from "../../../program/project.js";
import { modulesSaying } from "../../modules.js";
import { providerWords, standInHandoversIn } from "../../stand-ins.js";
import { implementationsIn } from "../../wrapping/implementations.js";
import { returnsNothing } from "./returns-nothing.js";
import { isDeclaredBy } from "./declared-by.js";
import { headOf } from "../../wrapping/heads.js";

/** Methods that return nothing where their callers chain on a promise: of processors, and of stand-ins for providers. */
export const withoutPromise = (project: Project): ChainBreak[] => [
  ...ofImplementations(project),
  ...ofStandIns(project),
];

function ofImplementations(project: Project): ChainBreak[] {
  return modulesSaying(linkWords.lifecycle, project).flatMap((module) =>
    implementationsIn(module, project).flatMap((of) =>
      resultKinds.flatMap(({ names, from, method, gives, harm }): ChainBreak[] => {
        if (gives !== "promise" || !of.facts.names.some((name) => names.includes(name))) return [];
        const fn = of.method(method);
        if (typeof fn !== "object" || !of.fns.includes(fn) || !returnsNothing(fn)) return [];
        if (!isDeclaredBy(of, from, project)) return [];
        const at = headOf(fn, method, of.cls);
        return [
          {
            ...{ kind: "chain-break", check: "result-kind", fn, at },
            names: ["nothing", method, `this ${of.facts.noun}`, harm],
          },
        ];
      }),
    ),
  );
}

/** What is put in the place of the SDK's provider, whose methods all give promises. */
function ofStandIns(project: Project): ChainBreak[] {
  return modulesSaying(providerWords, project).flatMap((module) =>
    standInHandoversIn(module, project).flatMap(({ standIns, call, fn: by }) =>
      standIns.flatMap((of) =>
        providerEnds.flatMap((method): ChainBreak[] => {
          const fn = of.member(method);
          if (typeof fn !== "object" || fn.body.length > 0 || !returnsNothing(fn)) return [];
          return [
            {
              ...{ kind: "chain-break", check: "result-kind", fn, at: headOf(fn, method, of.cls), call },
              names: ["nothing", method, `this stand-in for a ${of.noun}`, HARM],
              others: [{ fn: by, at: call.at, message: "it is put in the provider's place here" }],
              level: "warning",
            },
          ];
        }),
      ),
    ),
  );
}

const HARM = "whoever chains on it as on the SDK's provider throws";
