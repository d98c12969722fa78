import { linkWords } from "../../knowledge/link-words.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Binding, Expr, Fn, Module, Stmt } from "../../syntax/ir.js";
import { listsOf } from "../../syntax/parts.js";
import type { Check } from "../../program/rule-of-checks.js";
import { isWithin } from "../links.js";
import { middlewareOf } from "./middleware.js";
import { modulesSaying } from "../modules.js";

/** Middleware names `next` and never calls it. Its `parts` are the name as it stands there; `names` the framework, the code, and what `next()` gives. */
export const nextNotCalled: Check = {
  id: "next-not-called",
  summary: "Middleware names `next` and never calls it.",
  strict: false,
  find: (project) =>
    modulesSaying(linkWords.bareNext, project).flatMap((module) => inModule(module, project)),
  message: ({ names: [framework = "", form = ""] }) =>
    `\`${form}\` does not call \`next\`: ${framework} never comes to the middleware and the route behind this one. Write \`${form}()\`.`,
};

function inModule(module: Module, project: Project): ChainBreak[] {
  return module.fns.flatMap((fn) =>
    bareIn(fn.body, fn).flatMap(({ e, form }): ChainBreak[] => {
      const next = e.bind;
      const found = next && middlewareOf(next, project);
      if (!found || !isWithin(fn, found.fn) || isSettled(next, module, project)) return [];
      // what a function in it returns may be called by whoever calls that
      if (form === "return" && fn !== found.fn) return [];
      return [
        {
          kind: "chain-break",
          check: "next-not-called",
          fn,
          at: e.at,
          names: [found.facts.name, form === "" ? next.name : `${form} ${next.name}`, found.facts.gives],
          parts: [e],
        },
      ];
    }),
  );
}

type Name = Expr & { k: "id" };

/** The parameters that stand alone in a statement. */
function bareIn(body: readonly Stmt[], fn: Fn): { e: Name; form: "await" | "return" | "void" | "" }[] {
  return body.flatMap((s) => {
    const own = (): ReturnType<typeof bareIn> => {
      if (s.s === "return") return s.e ? named(s.e, "return") : [];
      // default values of parameters stand before the body
      return s.s === "expr" && s.at[0] >= fn.bodyAt[0] ? named(s.e, "") : [];
    };
    return [...own(), ...listsOf(s).flatMap((list) => bareIn(list, fn))];
  });
}

function named(e: Expr, form: "await" | "return" | "void" | ""): ReturnType<typeof bareIn> {
  if (e.k === "await") return named(e.e, "await");
  if (e.k === "void") return named(e.e, "void");
  return e.k === "id" && e.bind?.kind === "param" && e.bind.name === "next" ? [{ e, form }] : [];
}

/** Declared as a promise, which is awaited as it is. */
function isSettled(next: Binding, module: Module, project: Project): boolean {
  const text = project.index.read(module.file) ?? "";
  return /^\w+\??\s*:\s*(?:Promise|PromiseLike|Thenable)\b/.test(text.slice(next.at[0], next.at[1] + 80));
}
