import {
  flushingInstrumentation,
  providerGetters,
  providerNouns,
  providerOptions,
  providerSetters,
} from "../knowledge/provider-settings.js";
import type { Project } from "../program/project.js";
import type { Call, Cls, Expr, Fn, Module, Span } from "../syntax/ir.js";
import { asksForPackage } from "./wrapping/asks.js";

/** An object or class of the program that is put in the place of an SDK's provider. */
export interface StandIn {
  cls: Cls | undefined;
  obj: (Expr & { k: "obj" }) | undefined;
  module: Module;
  at: Span;
  /** What it is called in a sentence. */
  noun: string;
  /** The function or other value that it has under a name. */
  member(name: string): Fn | "else" | undefined;
}

/** A place where a provider is handed to those that use it, and what it can be. */
export interface Handover {
  call: Call;
  fn: Fn;
  provider: Expr;
  /** It is given to instrumentations, not made the global one. */
  toInstrumentations: boolean;
  standIns: StandIn[];
}

export const providerWords = /\b(?:set(?:Global)?(?:Tracer|Meter|Logger)Provider|registerInstrumentations)\b/;

/** Every place of a module where a provider that may be a stand-in is handed over. */
export function handoversIn(module: Module, project: Project): Handover[] {
  return module.calls.flatMap(({ call, fn }): Handover[] => {
    const name =
      call.callee.k === "mem" ? call.callee.p : call.callee.k === "id" ? call.callee.name : undefined;
    const [first] = call.args;
    if (name === undefined || !first) return [];
    const given: [Expr, string][] = [];
    const getter =
      call.callee.k === "mem" && Object.hasOwn(providerSetters, name) ? providerSetters[name] : undefined;
    if (getter !== undefined) given.push([first, getter]);
    if (name === "registerInstrumentations" && first.k === "obj")
      for (const { name: option, value } of first.props) {
        const of =
          option !== undefined && Object.hasOwn(providerOptions, option)
            ? providerOptions[option]
            : undefined;
        if (of !== undefined) given.push([value, of]);
      }
    return given.flatMap(([provider, method]) => {
      const standIns = standInsOf(provider, method, module, project);
      const toInstrumentations = !name.startsWith("setGlobal");
      return standIns.length > 0 ? [{ call, fn, provider, toInstrumentations, standIns }] : [];
    });
  });
}

/**
 * Those where instrumentations are given the stand-in in turn with a real provider, or where the one is among them that is known
 * to flush what it is given.
 */
export const standInHandoversIn = (module: Module, project: Project): Handover[] =>
  handoversIn(module, project).filter(
    (handover) =>
      handover.toInstrumentations && (isInTurn(handover, module, project) || isFlushed(module, project)),
  );

/** The same expression can be what the API or SDK gives. */
const isInTurn = ({ provider }: Handover, module: Module, project: Project): boolean =>
  project.values
    .of(provider, module)
    .some((v) => (v.v === "package" ? providerGetters.test(v.path) : v.v === "sdk" && v.sdk.is === "handle"));

const isFlushed = ({ file }: Module, project: Project): boolean =>
  asksForPackage(file, flushingInstrumentation, project);

/** The objects and classes of the program that an expression can be, if they have the getter of a provider and nothing hidden. */
export function standInsOf(e: Expr, getter: string, module: Module, project: Project): StandIn[] {
  return project.values.of(e, module).flatMap((v): StandIn[] => {
    const noun = providerNouns[getter] ?? "provider";
    if (v.v === "object") {
      const { obj } = v;
      const hidden = obj.props.some((p) => p.name === undefined || p.value.k === "spread");
      const member = (name: string): Fn | "else" | undefined => {
        const value = obj.props.find((p) => p.name === name)?.value;
        return value?.k === "fn" ? value.fn : value && "else";
      };
      if (hidden || typeof member(getter) !== "object") return [];
      return [{ cls: undefined, obj, module: v.module, at: obj.at, noun, member }];
    }
    if (v.v !== "instance" || v.cls.superClass) return [];
    const { cls } = v;
    const member = (name: string): Fn | "else" | undefined => {
      const found = cls.members.get(name);
      return found && !found.isStatic ? (found.fn ?? "else") : undefined;
    };
    return typeof member(getter) === "object"
      ? [{ cls, obj: undefined, module: cls.module, at: cls.at, noun, member }]
      : [];
  });
}
