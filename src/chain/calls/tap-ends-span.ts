import { linkWords } from "../../knowledge/link-words.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import { returnsOf } from "../../program/value-sets.js";
import type { Call, Expr, Fn, Module } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { isWithin } from "../links.js";
import { modulesSaying } from "../modules.js";
import { isSame, originOf } from "../same.js";
import { isHandedOn } from "./span-uses.js";
import { calledName, endedBy } from "../spans.js";

/**
 * A span ends in `tap`, which errors and cancelled requests never reach. Its `parts` are the call of the operator and the call that
 * ends the span; `names` are the operator and the ending as it is written.
 */
export const tapEndsSpan: Check = {
  id: "tap-ends-span",
  summary: "A span ends in `tap`, which errors and cancelled requests never reach.",
  strict: false,
  find: (project) => modulesSaying(linkWords.tap, project).flatMap((module) => inModule(module, project)),
  message: ({ names: [operator = "", ending = ""] }) =>
    `\`${operator}\` runs for values alone: when the stream fails or is cancelled, \`${ending}\` never runs, and what it should end is lost. Call it in \`finalize\`.`,
};

/** Where streams come from that are the answer to a request. */
const answeringModules = /^(@angular\/common\/http|@nestjs\/(axios|microservices)|rxjs\/(fetch|ajax))$/;

/** Operators whose function runs for values and nothing else. */
const FOR_VALUES = new Set(["tap", "map", "mergeMap", "concatMap", "switchMap"]);

function inModule(module: Module, project: Project): ChainBreak[] {
  return module.calls.flatMap(({ call: pipe }) => {
    if (calledName(pipe) !== "pipe") return [];
    return pipe.args.flatMap((operator, i): ChainBreak[] => {
      const name = nameOf(operator, module, project);
      if (operator.k !== "call" || !name || !FOR_VALUES.has(name)) return [];
      // after it, a failure is a value
      if (before(pipe, i).some((e) => nameOf(e, module, project) === "catchError" && !throwsOn(e))) return [];
      const callbacks = forValues(operator, name);
      const end = lostEnd(callbacks, module, project);
      if (!end) return [];
      return [
        {
          kind: "chain-break",
          check: "tap-ends-span",
          fn: end.outer,
          at: operator.at,
          call: operator,
          names: [name, end.written],
          // how long the good ones take may be all that is asked, and what is made of values alone may never fail
          strict: end.call.callee.k === "id" || !asksSomebody(pipe, module, project),
          others: [{ fn: end.fn, at: end.call.at, message: "the span ends here, and nowhere else" }],
          parts: [operator, end.call],
        },
      ];
    });
  });
}

/** The name of an operator of rxjs. */
function nameOf(e: Expr, module: Module, project: Project): string | undefined {
  if (e.k !== "call") return undefined;
  const [path] = project.values
    .of(e.callee, module)
    .flatMap((v) => (v.v === "package" && /^rxjs(\/operators)?$/.test(v.specifier) ? [v.path] : []));
  return path?.split(".").at(-1);
}

/** The operators that a stream has come through before this one of a `pipe`. */
function before(pipe: Call, index: number): readonly Expr[] {
  const stream = pipe.callee.k === "mem" ? originOf(pipe.callee.o) : undefined;
  const earlier =
    stream?.k === "call" && calledName(stream) === "pipe" ? before(stream, stream.args.length) : [];
  return [...earlier, ...pipe.args.slice(0, index)];
}

/** `catchError((error) => { ...; throw error; })`, or one that returns `throwError(...)`: what comes behind it still fails. */
function throwsOn(e: Expr): boolean {
  const handler = e.k === "call" ? e.args[0] : undefined;
  if (handler?.k !== "fn") return false;
  const returned = returnsOf(handler.fn.body);
  const isFailure = (value: Expr): boolean => value.k === "call" && calledName(value) === "throwError";
  return returned.every(isFailure) && (returned.length > 0 || handler.fn.body.at(-1)?.s === "throw");
}

/** The stream is an answer: of a handler of Nest or Angular, or of an HTTP client. */
function asksSomebody(pipe: Call, module: Module, project: Project): boolean {
  const stream = pipe.callee.k === "mem" ? originOf(pipe.callee.o) : undefined;
  if (stream?.k !== "call") return false;
  if (calledName(stream) === "pipe") return asksSomebody(stream, module, project);
  return (
    calledName(stream) === "handle" ||
    project.values
      .of(stream.callee, module)
      .some((v) => v.v === "package" && answeringModules.test(v.specifier))
  );
}

/** The functions of an operator that run for values, and for the end of a stream that did not fail. */
function forValues({ args: [first] }: Call, name: string): Fn[] {
  if (first?.k === "fn") return [first.fn];
  if (name !== "tap" || first?.k !== "obj") return [];
  return first.props.flatMap((p) =>
    (p.name === "next" || p.name === "complete") && p.value.k === "fn" ? [p.value.fn] : [],
  );
}

interface End {
  call: Call;
  fn: Fn;
  outer: Fn;
  written: string;
}

/** The call by which these functions end a span that nothing else ends. */
function lostEnd(callbacks: readonly Fn[], module: Module, project: Project): End | undefined {
  const isInside = (fn: Fn): boolean => callbacks.some((callback) => isWithin(fn, callback));
  const ends = module.calls.flatMap(({ call, fn }) => {
    const span = endedBy(call, module);
    return span ? [{ call, fn, span }] : [];
  });
  const inside = ends.find(({ fn }) => isInside(fn));
  if (!inside) return undefined;
  const same = (e: Expr): boolean => isSame(e, inside.span) || isSameCall(e, inside.span);
  if (ends.some(({ fn, span }) => same(span) && !isInside(fn)) || isHandedOn(inside.span, module, project))
    return undefined;
  const outer = callbacks.find((callback) => isWithin(inside.fn, callback))?.parent;
  return outer && { call: inside.call, fn: inside.fn, outer, written: written(inside.call) };
}

/** `agent.getTransaction()` twice. */
const isSameCall = (a: Expr, b: Expr): boolean =>
  a.k === "call" && b.k === "call" && calledName(a) === calledName(b);

function written({ callee }: Call): string {
  if (callee.k === "id") return `${callee.name}()`;
  if (callee.k !== "mem") return "end()";
  return callee.o.k === "id" ? `${callee.o.name}.${callee.p ?? ""}()` : `${callee.p ?? ""}()`;
}
