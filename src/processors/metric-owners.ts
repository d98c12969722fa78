import { isNothing, optionsOf } from "../chain/lists/options.js";
import { originOf } from "../chain/same.js";
import { expressionsIn } from "../chain/walk.js";
import type { Hit } from "../flow/world.js";
import { takesReaders } from "../knowledge/reader-shutdown.js";
import { homeOf } from "../ending/misplaced.js";
import type { Project } from "../program/project.js";
import type { Call, Expr, Module } from "../syntax/ir.js";
import { constructionOf, type Part } from "./parts.js";

const MAX_DEPTH = 6;

/** The SDK or provider, among what a program makes, that a reader is given to. */
export function ownerOf(reader: Part, parts: readonly Part[], project: Project): Part | undefined {
  const makers = parts.filter((p) => Object.hasOwn(takesReaders, p.name));
  return makers.find((p) => takes(p, reader, project)) ?? opaqueOwner(reader, makers, project);
}

function takes({ call, fn, name }: Part, reader: Part, project: Project): boolean {
  const [given] = call.args;
  const options = given && optionsOf(given, fn.module, project);
  const named = (takesReaders[name] ?? []).flatMap(
    (option) => options?.all.filter((o) => o.name === option) ?? [],
  );
  return (
    named.some((o) => mayBe(o.value, o.module, reader, project)) ||
    (name === "MeterProvider" && isAdded(call, reader, project))
  );
}

/** `provider.addMetricReader(reader)` */
const isAdded = (provider: Call, reader: Part, project: Project): boolean =>
  reader.fn.module.calls.some(
    ({ call: { callee, args } }) =>
      callee.k === "mem" &&
      callee.p === "addMetricReader" &&
      constructionOf(callee.o) === provider &&
      args.some((a) => mayBe(a, reader.fn.module, reader, project)),
  );

/** The only SDK of the program is made of options that nobody knows, and the reader stands in options for one. */
function opaqueOwner(reader: Part, makers: readonly Part[], project: Project): Part | undefined {
  const [only, ...others] = makers;
  if (only?.name !== "NodeSDK" || others.length > 0) return undefined;
  const [given] = only.call.args;
  if (!given || isNothing(given) || originOf(given).k === "obj") return undefined;
  const { module } = reader.fn;
  const names = takesReaders["NodeSDK"] ?? [];
  const isHeld = expressionsIn(module).some(
    ({ e }) =>
      e.k === "obj" &&
      e.props.some((p) => names.includes(p.name ?? "") && mayBe(p.value, module, reader, project)),
  );
  return isHeld ? only : undefined;
}

/** Whether an expression can stand for a reader: through names, branches, lists, fields, and a function that makes it. */
function mayBe(e: Expr, module: Module, reader: Part, project: Project, depth = 0): boolean {
  const deeper = (next: Expr, home = module): boolean =>
    depth < MAX_DEPTH && mayBe(next, home, reader, project, depth + 1);
  if (e === reader.call) return true;
  switch (e.k) {
    case "id": {
      const home = e.bind && homeOf(e.bind, module, project);
      return home?.bind.values.some((value) => deeper(value, home.module)) ?? false;
    }
    case "mem":
      return e.o.k === "this" && e.p !== undefined
        ? (e.o.cls?.members.get(e.p)?.values.some((value) => deeper(value)) ?? false)
        : false;
    case "arr":
      return e.items.some((item) => deeper(item));
    case "spread":
    case "await":
    case "set":
      return deeper(e.e);
    case "cond":
      return deeper(e.then) || deeper(e.else);
    case "logic":
      return deeper(e.r) || deeper(e.l);
    case "call":
      return project.values.callee(e.callee, module).some((v) => v.v === "fn" && v.fn === reader.fn);
    default:
      return false;
  }
}

/** Whether a call of a shutdown is one of the reader, or of what it was given to. */
export function closesIt(
  { call, fn, value }: Hit,
  reader: Part,
  owner: Part,
  parts: readonly Part[],
  project: Project,
): boolean {
  if (call?.callee.k !== "mem" || value?.v !== "member") return false;
  const cls = value.member.cls.name.split(".").at(-1);
  const { o } = call.callee;
  const home = o.k === "id" && o.bind ? homeOf(o.bind, fn.module, project) : undefined;
  const made = constructionOf(o.k === "id" && home ? { ...o, bind: home.bind } : o);
  if (made.k === "call" && made.isNew) return made === owner.call || made === reader.call;
  // a name that nobody can follow stands for the only thing of its class
  return cls === owner.name && parts.filter((p) => p.name === cls).length === 1;
}
