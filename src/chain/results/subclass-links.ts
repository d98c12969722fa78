import type { PromiseSubclass } from "../../knowledge/promise-subclasses.js";
import type { Project } from "../../program/project.js";
import { returnsOf } from "../../program/value-sets.js";
import type { Call, Expr, Fn, Module, Span } from "../../syntax/ir.js";
import { type Link, linksOf } from "../links.js";
import { choicesOf, functionOf, madeBy, readsOf, unbound } from "../originals.js";
import { isSame, originOf } from "../same.js";
import { packageOf, subclassesNamed, subclassesTold } from "./told-packages.js";
import { putsOf } from "../walk.js";

/** A link around a method that hands back more than a promise. */
export interface SubclassLink {
  link: Link;
  subclass: PromiseSubclass;
  /** The module that puts it in place. */
  module: Module;
  /** Where that is, for one that a function makes for any method. */
  placed?: { fn: Fn; at: Span };
  /** The method is the package's own, for everybody; else it belongs to one client or to a class that takes its place. */
  patches: boolean;
}

/** The links of a module around methods of packages whose promises have members of their own. */
export function subclassLinksOf(module: Module, project: Project): SubclassLink[] {
  return [
    ...linksOf(module, project).flatMap((link) => atMember(link, module, project)),
    ...assigned(module, project).flatMap(({ link, placed }) =>
      atMember(link, module, project).map((found) => ({ ...found, placed })),
    ),
    ...handedOut(module, project),
  ];
}

/** A link that stands for one method, which is written out. */
function atMember(link: Link, module: Module, project: Project): SubclassLink[] {
  if (link.by === "override") {
    const superClass = link.fn.cls?.superClass;
    const isOfPackage = superClass && project.values.of(superClass, module).length > 0;
    const subclass = isOfPackage && subclassAt(superClass, link.name, module, project);
    return subclass ? [{ link, subclass, module, patches: false }] : [];
  }
  const target = link.of && originOf(link.of);
  const ofApply = link.by === "trap" && link.name === "apply" && target?.k === "mem" ? target : undefined;
  if (!ofApply && link.by !== "wrap" && link.by !== "saved") return [];
  const [of, name] = ofApply ? [ofApply.o, ofApply.p] : [link.of, link.name];
  const subclass = of && subclassAt(of, name, module, project);
  return subclass ? [{ link, subclass, module, patches: namesOf(of).includes("prototype") }] : [];
}

/** The promise that a method hands back: the class or client has a name that the tables know, and its package is there. */
function subclassAt(
  of: Expr,
  name: string | undefined,
  module: Module,
  project: Project,
): PromiseSubclass | undefined {
  const owner = namesOf(of)
    .filter((n) => n !== "prototype")
    .at(-1);
  if (name === undefined || owner === undefined) return undefined;
  const values = project.values.of(of, module);
  const packages = values.flatMap((v) => (v.v === "package" ? [packageOf(v.specifier)] : []));
  if (values.length > packages.length) return undefined;
  return subclassesTold(module, project).find(
    ({ packages: its, from }) =>
      from?.methods.test(name) === true &&
      from.owners.test(owner) &&
      (packages.length === 0 || packages.some((p) => its.includes(p))),
  );
}

/** `moduleExports.OpenAI.Chat.Completions.prototype`, its names; of a constant, those of what it stands for. */
function namesOf(e: Expr): string[] {
  const origin = originOf(e);
  if (origin.k === "mem") return [...namesOf(origin.o), origin.p ?? ""];
  return origin.k === "id" ? [origin.bind?.from?.name ?? origin.name] : [];
}

/** `client.chat.completions.create = traced(client.chat.completions.create.bind(client))`. */
const assigned = (module: Module, project: Project): { link: Link; placed: { fn: Fn; at: Span } }[] =>
  putsOf(module).flatMap(({ to, e, op, fn, at }) => {
    const made = originOf(e);
    if (op !== "=" || made.k !== "call") return [];
    const isSaved = (a: Expr): boolean => choicesOf(unbound(a)).some((c) => isSame(unbound(c), to));
    return replacementsBy(made, isSaved, module, project).map((replacement) => ({
      link: { ...replacement, by: "saved" as const, name: to.p, of: to.o, at, call: made },
      placed: { fn, at },
    }));
  });

/** What a maker returns that one of the arguments of this call brings the original to. */
function replacementsBy(
  call: Call,
  isOriginal: (e: Expr) => boolean,
  module: Module,
  project: Project,
): Pick<Link, "fn" | "isOriginal" | "maker">[] {
  const index = call.args.findIndex(isOriginal);
  if (index < 0) return [];
  return project.values.of(call.callee, module).flatMap((v) =>
    v.v === "fn"
      ? madeBy(v.fn, index, project).map(({ fn, maker, original }) => ({
          fn,
          maker,
          isOriginal: readsOf(original),
        }))
      : [],
  );
}

/** The replacements that the `get` trap of a `Proxy` hands out for the methods of a client. */
function handedOut(module: Module, project: Project): SubclassLink[] {
  return linksOf(module, project).flatMap((trap) => {
    if (trap.by !== "trap" || trap.name !== "get" || isOther(trap, module, project)) return [];
    const isMethod = (e: Expr): boolean => isRead(unbound(originOf(unbound(e))), trap);
    return returnsOf(trap.fn.body)
      .flatMap(choicesOf)
      .flatMap((e): SubclassLink[] => {
        const own = functionOf(e);
        const made = own
          ? [{ fn: own, isOriginal: isMethod, maker: undefined }]
          : e.k === "call"
            ? replacementsBy(e, isMethod, module, project)
            : [];
        return made.flatMap((m) => {
          const subclass = ofClient(module, m.fn, project);
          return subclass
            ? [
                {
                  link: { ...trap, ...m },
                  subclass,
                  module,
                  placed: { fn: trap.fn, at: e.at },
                  patches: false,
                },
              ]
            : [];
        });
      });
  });
}

/** Something of the program's own is behind the `Proxy`. */
const isOther = ({ of }: Link, module: Module, project: Project): boolean =>
  of !== undefined &&
  project.values.of(of, module).some((v) => v.v === "instance" || v.v === "array" || v.v === "fn");

/** `target[key]`, `Reflect.get(target, key)`, in a trap. */
function isRead(e: Expr, { isOriginal }: Link): boolean {
  if (e.k === "mem") return e.p === undefined && isOriginal(e.o);
  const [from] = e.k === "call" ? e.args : [];
  return (
    e.k === "call" &&
    from !== undefined &&
    e.callee.k === "mem" &&
    e.callee.p === "get" &&
    e.callee.o.k === "id" &&
    e.callee.o.name === "Reflect" &&
    isOriginal(from)
  );
}

/** The packages of a client are told where the `Proxy` stands, or where its replacements are made. */
const ofClient = (module: Module, { module: made }: Fn, project: Project): PromiseSubclass | undefined =>
  [module, made]
    .flatMap((m) => [...subclassesTold(m, project), ...subclassesNamed(m, project)])
    .find(({ from }) => from?.paths);
