import type { Project } from "../../program/project.js";
import type { Binding, Call, Cls, Expr, Fn, Module } from "../../syntax/ir.js";
import { isNothing } from "./options.js";
import { expressionsIn } from "../walk.js";

/** A client of @grpc/grpc-js that a module makes, and how the module calls it. */
export interface GrpcClient {
  call: Call;
  fn: Fn;
  /** The options that it is made with. */
  options: Expr | undefined;
  /** Where it is kept: a variable, or a field of a class. */
  holder: { bind: Binding } | { cls: Cls; field: string } | undefined;
}

const GRPC = "@grpc/grpc-js";

/** What `new` makes a client of: a class of the package for one, or whatever is given credentials of the package. */
const OTHER_CLASSES =
  /(^|\.)(Server|Metadata|InterceptingCall|StatusBuilder|ListenerBuilder|RequesterBuilder)(\(\))?$/;

/** Every client that a module makes: `new Service(address, credentials, options)`. */
export function grpcClients(module: Module, project: Project): GrpcClient[] {
  return module.calls.flatMap(({ call, fn }): GrpcClient[] => {
    const [, credentials, options] = call.args;
    if (!call.isNew || !credentials) return [];
    const isClient =
      isOfGrpc(credentials, module, project) ||
      project.values
        .callee(call.callee, module)
        .some((v) => v.v === "package" && v.specifier === GRPC && !OTHER_CLASSES.test(v.path));
    return isClient ? [{ call, fn, options, holder: holderOf(call, module) }] : [];
  });
}

/** `credentials.createInsecure()`, maybe kept in a variable. */
const isOfGrpc = (e: Expr, module: Module, project: Project): boolean =>
  project.values
    .of(e, module)
    .some((v) => v.v === "package" && v.specifier === GRPC && /credentials\b/i.test(v.path));

function holderOf(call: Call, module: Module): GrpcClient["holder"] {
  for (const { e } of expressionsIn(module)) {
    if (e.k !== "set" || e.e !== call) continue;
    if (e.to.k === "id" && e.to.bind?.values.every((v) => v === call || isNothing(v)) === true)
      return { bind: e.to.bind };
    if (e.to.k === "mem" && e.to.o.k === "this" && e.to.o.cls && e.to.p !== undefined)
      return onlyValue({ cls: e.to.o.cls, field: e.to.p }, call);
  }
  for (const cls of module.classes)
    for (const [field, { values }] of cls.members)
      if (values.includes(call)) return onlyValue({ cls, field }, call);
  return undefined;
}

/** A field that may hold another client as well says nothing. */
const onlyValue = (holder: { cls: Cls; field: string }, call: Call): typeof holder | undefined =>
  holder.cls.members.get(holder.field)?.values.every((v) => v === call || isNothing(v)) === false
    ? undefined
    : holder;

/** Every call of a method of a client in its module. */
export function callsOn({ holder }: GrpcClient, module: Module): { call: Call; fn: Fn }[] {
  if (!holder) return [];
  return module.calls.filter(({ call: { callee } }) => {
    if (callee.k !== "mem") return false;
    const { o } = callee;
    return "bind" in holder
      ? o.k === "id" && o.bind === holder.bind
      : o.k === "mem" && o.o.k === "this" && o.o.cls === holder.cls && o.p === holder.field;
  });
}
