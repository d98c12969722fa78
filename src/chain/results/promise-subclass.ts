import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import { says } from "../../program/says.js";
import { linkWords } from "../../knowledge/link-words.js";
import type { PromiseSubclass } from "../../knowledge/promise-subclasses.js";
import type { Call, Expr, Fn, Module } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { plainPromisesOf, type PlainPromise } from "./handed-back.js";
import { modulesSaying } from "../modules.js";
import { callsIn, isWithin } from "../originals.js";
import { isSame } from "../same.js";
import { subclassCastsOf } from "./subclass-casts.js";
import { subclassLinksOf, type SubclassLink } from "./subclass-links.js";
import { packageTold, subclassesNamed, subclassesTold } from "./told-packages.js";
import { expressionsIn } from "../walk.js";

/**
 * A wrapper returns a plain promise where the original returns one with methods of its own. `names`: the type, its package, how
 * (`cast`, or as in `PlainPromise`), and the members that are lost. `parts`: for `cast` and `chained`, the call of `.then()`.
 */
export const promiseSubclass: Check = {
  id: "promise-subclass",
  summary: "A wrapper returns a plain promise where the original returns one with methods of its own.",
  strict: false,
  find(project) {
    const found = new Map<string, ChainBreak>();
    const keep = (key: Place, broken: ChainBreak): void => {
      const place = `${broken.fn.module.file}:${String(key.at[0])}`;
      if (!found.has(place)) found.set(place, broken);
    };
    for (const module of modulesSaying(linkWords.promise, project))
      for (const { cast, call, subclass } of subclassCastsOf(module, project))
        if (!mentions(cast.fn, subclass))
          keep(call, {
            ...broken(subclass, packageTold(subclass, module, project), "cast"),
            fn: cast.fn,
            at: cast.at,
            parts: [call],
          });
    for (const module of new Set([
      ...modulesSaying(linkWords.promise, project),
      ...modulesSaying(linkWords.proxy, project),
    ]))
      for (const link of subclassLinksOf(module, project))
        for (const { key, ...rest } of breaksOf(link, project)) keep(key, rest);
    return [...found.values()];
  },
  message({ names: [type, from, how, ...members] }) {
    const gets =
      how === "cast"
        ? "`.then()` gives a plain promise, whatever it is cast to,"
        : how === "async"
          ? "This wrapper is `async`, so its callers get a plain promise"
          : "This wrapper returns what `.then()` gives, a plain promise";
    const lost = members.length > 0 ? ` without ${members.map((m) => `\`.${m}\``).join(" and ")},` : "";
    const sdk = from === "" ? "the SDK" : `\`${from ?? ""}\``;
    return `${gets}${lost} where ${sdk} returns ${article(type)} \`${type}\`: hand that one on.`;
  },
};

/** What is reported once: a call, a function, a place. */
type Place = Pick<Call | Fn, "at">;

const article = (name = ""): string => (/^[AEIO]/.test(name) ? "an" : "a");

const broken = (
  subclass: PromiseSubclass,
  from: string | undefined,
  how: string,
): Pick<ChainBreak, "kind" | "check" | "names"> => ({
  kind: "chain-break",
  check: "promise-subclass",
  names: [
    subclass.names[0] ?? "",
    from ?? "",
    how,
    ...subclass.members.filter((m) => !m.startsWith("_")).slice(0, 2),
  ],
});

function* breaksOf(
  { link, subclass, module, placed, patches }: SubclassLink,
  project: Project,
): Generator<ChainBreak & { key: Place }> {
  for (const promise of plainPromisesOf(link.fn, link.isOriginal, project)) {
    if (promise.how !== "async" && takesCare(link.fn, subclass, project)) continue;
    const from = [module, link.fn.module].map((m) => packageTold(subclass, m, project)).find((p) => p);
    const unused = !patches && !isReliedOn(link.fn.module, subclass, project);
    // a maker for any function is right where it is; who puts it around this one is not
    const own = placed && !isTold(promise.fn.module, subclass, project) ? placed : undefined;
    yield {
      ...broken(subclass, from, promise.how),
      key: own ?? promise.call ?? promise.fn,
      fn: own?.fn ?? promise.fn,
      at: own?.at ?? promise.at,
      link,
      ...(link.call ? { call: link.call } : {}),
      ...(unused || isTested(promise) ? { strict: true } : {}),
      ...(promise.call && !own ? { parts: [promise.call] } : {}),
      ...(own ? { others: [{ fn: promise.fn, at: promise.at, message: "This makes the wrapper" }] } : {}),
    };
  }
}

const isTold = (module: Module, subclass: PromiseSubclass, project: Project): boolean =>
  subclassesTold(module, project).includes(subclass) || subclassesNamed(module, project).includes(subclass);

/** Whether a function works with the members that a plain promise has not, itself or in a function that it calls. */
const takesCare = (fn: Fn, subclass: PromiseSubclass, project: Project): boolean =>
  mentions(fn, subclass) ||
  callsIn(fn).some(({ callee }) =>
    project.values.of(callee, fn.module).some((v) => v.v === "fn" && mentions(v.fn, subclass)),
  );

const mentions = (fn: Fn, { members }: PromiseSubclass): boolean =>
  expressionsIn(fn.module).some(
    ({ e, fn: at }) =>
      ((e.k === "mem" && members.includes(e.p ?? "")) ||
        (e.k === "lit" && typeof e.v === "string" && members.includes(e.v))) &&
      isWithin(at, fn),
  );

/** `result instanceof Promise`: the wrapper was written for functions that return anything, and can know nothing of the class. */
function isTested({ call, fn }: PlainPromise): boolean {
  const root = call && receiverOf(call);
  return (
    root !== undefined &&
    expressionsIn(fn.module).some(
      ({ e, fn: at }) =>
        at === fn &&
        e.k === "cmp" &&
        e.op === "instanceof" &&
        e.r.k === "id" &&
        e.r.name === "Promise" &&
        isSame(e.l, root),
    )
  );
}

function receiverOf({ callee }: Call): Expr | undefined {
  if (callee.k !== "mem") return undefined;
  return callee.o.k === "call" &&
    callee.o.callee.k === "mem" &&
    /^(?:then|catch|finally)$/.test(callee.o.callee.p ?? "")
    ? receiverOf(callee.o)
    : callee.o;
}

/** What uses the members, or methods of the SDKs that do so inside. */
const RELYING =
  /\.(?:withResponse|asResponse|_thenUnwrap|withRawResponse|runTools)\s*\(|\b(?:completions|responses|messages)\s*\.\s*(?:parse|stream)\s*\(/;

/** A wrapper of a package serves callers that nobody sees; in an application somebody has to use what is lost. */
function isReliedOn(module: Module, { members }: PromiseSubclass, project: Project): boolean {
  const { json } = project.index.packageOf(module.file) ?? {};
  if (
    json &&
    json["private"] !== true &&
    ["exports", "types", "typings", "files", "publishConfig", "peerDependencies"].some(
      (f) => json[f] !== undefined,
    )
  )
    return true;
  return members.includes("withResponse") || members.includes("withRawResponse")
    ? project.index.sources.some((file) => !project.index.isTest(file) && says(file, RELYING, project))
    : true;
}
