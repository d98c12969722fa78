import { composing, resultKinds, type ResultKind } from "../../../knowledge/result-kinds.js";
import type { ChainBreak } from "../../../program/details.js";
import type { Project } from "../../../program/project.js";
import type { Call, Cls, Fn, Module } from "../../../syntax/ir.js";
import { callsOriginal, functionsReturnedBy, isWithin } from "../../links.js";
import { modulesSaying } from "../../modules.js";
import { isRead } from "../../same.js";
import { wholeOf } from "../../wrapping/classes-of.js";
import { headOf } from "../../wrapping/heads.js";
import { lastName } from "../../wrapping/implementations.js";

const ASYNC_METHOD = /\basync\s+(?:\[kDispatch\]|(?:dispatch|shouldSample)\b)/;
const COMPOSE = /\.compose\s*\(/;

/** Methods and interceptors that are async where what they return is used at once. */
export const asyncPlain = (project: Project): ChainBreak[] => [
  ...modulesSaying(ASYNC_METHOD, project).flatMap((module) =>
    module.classes.flatMap((cls) => asyncMethods(cls, project)),
  ),
  ...asyncInterceptors(project),
];

function asyncMethods(cls: Cls, project: Project): ChainBreak[] {
  return resultKinds.flatMap((kind) => {
    if (kind.gives !== "plain") return [];
    return [kind.method, kind.inside].flatMap((name): ChainBreak[] => {
      const fn = name === undefined ? undefined : cls.members.get(name)?.fn;
      if (name === undefined || !fn?.async || fn.generator || !hasInterface(cls, kind, project)) return [];
      return [
        broken(fn, headOf(fn, name, cls), name, cls.name ? `\`${cls.name}\`` : "this class", kind.harm),
      ];
    });
  });
}

/** It says that it implements the interface, or extends one of the classes; within the package itself these are its own files. */
function hasInterface(cls: Cls, kind: ResultKind, project: Project, depth = 0): boolean {
  const { module, superClass, implemented } = cls;
  const isPackage = (specifier: string | undefined): boolean => kind.from.test(specifier ?? "");
  const named = module.bindings.some(
    ({ name, from }) =>
      implemented.includes(name) && from && kind.names.includes(from.name) && isPackage(from.specifier),
  );
  if (named || !superClass || depth > 8) return named;
  return wholeOf(superClass, module, project).some((v) => {
    if (v.v === "package") return isPackage(v.specifier) && kind.names.includes(lastName(superClass) ?? "");
    if (v.v !== "class") return false;
    const isOwn = isPackage(project.index.packageOf(v.cls.module.file)?.json?.name);
    return (isOwn && kind.names.includes(v.cls.name ?? "")) || hasInterface(v.cls, kind, project, depth + 1);
  });
}

/** `agent.compose((dispatch) => async (options, handler) => { ... })`, unless a `try` around it all hears of what fails. */
function asyncInterceptors(project: Project): ChainBreak[] {
  const found = new Map<Fn, ChainBreak>();
  for (const module of modulesSaying(COMPOSE, project))
    for (const { call, fn: by } of module.calls) {
      if (!isComposing(call, module, project)) continue;
      const given = call.args.flatMap((e) => (e.k === "arr" ? e.items : [e]));
      const makers = given
        .flatMap((e) => project.values.of(e, module))
        .flatMap((v) => (v.v === "fn" ? [v.fn] : []));
      for (const maker of makers)
        for (const fn of functionsReturnedBy(maker)) {
          if (!fn.async || isGuarded(fn) || !isInterceptor(fn, maker)) continue;
          const at = [fn.at[0], Math.max(fn.bodyAt[0], fn.at[0] + 1)] as const;
          const others = [{ fn: by, at: call.at, message: "it is put in front of `dispatch` here" }];
          found.set(fn, { ...broken(fn, at, "dispatch", "this interceptor", composing.harm), call, others });
        }
    }
  return [...found.values()];
}

const isComposing = ({ callee }: Call, module: Module, project: Project): boolean =>
  callee.k === "mem" &&
  callee.p === composing.method &&
  project.values.of(callee.o, module).some((v) => v.v === "package" && composing.from.test(v.specifier));

/** It calls the `dispatch` that its maker was given. */
function isInterceptor(fn: Fn, maker: Fn): boolean {
  const [original] = maker.params[0] ?? [];
  return (
    original !== undefined &&
    fn.module.calls.some(
      ({ call, fn: at }) => isWithin(at, fn) && callsOriginal(call, (e) => isRead(e, original)),
    )
  );
}

const isGuarded = ({ body }: Fn): boolean =>
  body.length === 1 && body[0]?.s === "try" && body[0].handler !== undefined;

const broken = (fn: Fn, at: ChainBreak["at"], method: string, of: string, harm: string): ChainBreak => ({
  ...{ kind: "chain-break", check: "result-kind", fn, at },
  names: ["promise", method, of, harm],
});
