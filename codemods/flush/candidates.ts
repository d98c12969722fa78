import type { SdkClass, SdkExport } from "../../src/facts/lookup.js";
import type { Value } from "../../src/facts/value.js";
import type { PackageFacts, Vendor } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";
import type { Cls, Member } from "../../src/syntax/ir.js";
import type { Source } from "../edit/source.js";
import { isPrivate, mayLackField } from "./fields.js";
import { helperOf } from "./helpers.js";
import { exportedNames } from "./names.js";
import { factsOf } from "./versions.js";
import { type FlushText, writeFlush } from "./write.js";

/** Something that flushes, and how well it suits: the lower the better. */
export interface Candidate extends FlushText {
  rank: number;
  /** The same for two parts of one pipeline that are both to be flushed. */
  kind: "helper" | "handle" | "provider" | "function";
}

/** What candidates are looked for in. */
export interface Search {
  project: Project;
  /** The file that the flush is written into. */
  source: Source;
  vendor: Vendor;
  /** Packages by which the program starts the vendor: only their functions end what was started. */
  started: Set<PackageFacts>;
  /** The files of the program that ends there. */
  reach: Set<string>;
  /** The handle is used again: nothing that closes it will do. */
  repeatable?: true;
}

const RANK = { helper: 0, sdk: 10, client: 11, provider: 12, function: 14, other: 16, part: 18 };

/**
 * The ways to flush that a value offers, by itself or through its members.
 * @param text how the value is written at the place of the flush
 * @param inside the class whose private members may be used there
 * @param steps how many members may follow each other
 */
export function candidatesOf(
  search: Search,
  text: string,
  value: Value,
  optional: boolean,
  inside?: Cls,
  steps = value.v === "namespace" || text === "this" ? 2 : 1,
): Candidate[] {
  const { project, vendor } = search;
  const deeper = (name: string, values: Value[], maybe = false): Candidate[] =>
    steps === 0
      ? []
      : values
          .flatMap((v) =>
            candidatesOf(search, `${text}${optional ? "?." : "."}${name}`, v, maybe, inside, steps - 1),
          )
          .map(further);
  switch (value.v) {
    case "fn": {
      const helper = helperOf(project, value.fn, vendor);
      if (!helper || (search.repeatable && helper.closes)) return [];
      const call = `${text}()`;
      const chain = helper.mayGiveNothing ? "?.catch" : ".catch";
      const awaited = helper.rejects ? `${call}${chain}(console.error)` : call;
      return [
        {
          awaited,
          optional: helper.mayGiveNothing || text.includes("?."),
          rank: RANK.helper,
          kind: "helper",
        },
      ];
    }
    case "sdk":
      return ofSdk(search, text, value.sdk, optional, deeper);
    case "instance":
    case "class": {
      const found: Candidate[] = [];
      for (const member of value.cls.members.values()) {
        if (value.v === "class" ? !member.isStatic : member.isStatic) continue;
        if (
          member.fn?.kind === "accessor" ||
          (value.cls !== inside && isPrivate(project, value.cls, member.name))
        )
          continue;
        const values = member.fn
          ? [{ v: "fn", fn: member.fn } as const]
          : fieldValues(search, value.cls, member);
        found.push(
          ...deeper(member.name, values, !member.fn && mayLackField(project, value.cls, member.name)),
        );
      }
      return found;
    }
    case "object":
      return value.obj.props.flatMap(({ name, value: e }) =>
        name === undefined || !/^[\w$]+$/.test(name) ? [] : deeper(name, project.values.of(e, value.module)),
      );
    case "namespace":
      return [...exportedNames(project, value.module)].flatMap((name) =>
        name === "default" || name === "=" ? [] : deeper(name, project.values.exported(value.module, name)),
      );
    default:
      return [];
  }
}

const further = (c: Candidate): Candidate => ({ ...c, rank: c.rank + 0.5 });

function ofSdk(
  search: Search,
  text: string,
  sdk: SdkExport,
  optional: boolean,
  deeper: (name: string, values: Value[], maybe?: boolean) => Candidate[],
): Candidate[] {
  switch (sdk.is) {
    case "handle":
      return sdk.cls.vendor === search.vendor ? ofHandle(search, text, sdk.cls, optional) : [];
    case "call":
      return ofFunction(search, "", text, sdk);
    case "namespace": {
      if (sdk.vendor !== search.vendor) return [];
      const prefix = sdk.path === "" ? "" : `${sdk.path}.`;
      return Object.entries(sdk.pkg.exports).flatMap(([exported, facts]) => {
        const name = exported.startsWith(prefix) ? exported.slice(prefix.length) : "";
        if (!/^[\w$]+$/.test(name) || name === "default") return [];
        const next = search.project.lookup.step(sdk, name);
        if (!next) return [];
        if (facts.kind === "object") return deeper(name, [{ v: "sdk", sdk: next }]);
        return next.is === "call" ? ofFunction(search, text, name, next) : [];
      });
    }
    default:
      return [];
  }
}

function ofHandle(search: Search, handle: string, cls: SdkClass, optional: boolean): Candidate[] {
  const { project, source, vendor } = search;
  const { part } = cls.facts;
  if (part === "exporter" || part === "transport" || cls.facts.buffering === "none") return [];
  const pipeline = part === "sdk" || part === "provider" || part === "processor" || part === "reader";
  const base =
    part === "sdk"
      ? RANK.sdk
      : part === "client"
        ? RANK.client
        : part === "provider"
          ? RANK.provider
          : RANK.part;
  const found: Candidate[] = [];
  const names = membersOf(project, cls);
  for (const [index, name] of names.entries()) {
    const member = project.lookup.member(cls, name);
    if (member?.is !== "call") continue;
    const facts = factsOf(project, source.file, member);
    if (!facts || (facts.role !== "flush" && facts.role !== "close") || facts.twin !== undefined) continue;
    if (search.repeatable && facts.role === "close") continue;
    const written = writeFlush(source, { handle, name, facts, vendor, pipeline, optional });
    if (!written) continue;
    // what is sent at once only has to leave; a batch is closed with its client
    const second = facts.role === (vendor.buffering === "immediate" ? "flush" : "close") ? 0 : 0.2;
    const kind = part === "provider" ? "provider" : "handle";
    found.push({ ...written, rank: base + second + index / 1000, kind });
  }
  return found;
}

/** Names of the members of a class, those it inherits included. */
function membersOf(project: Project, cls: SdkClass): string[] {
  const names: string[] = [];
  for (
    let c: SdkClass | undefined = cls;
    c;
    c = c.facts.extends ? project.lookup.classNamed(c.vendor, c.pkg, c.facts.extends) : undefined
  )
    names.push(...Object.keys(c.facts.members).filter((n) => !names.includes(n)));
  return names;
}

function ofFunction(
  search: Search,
  handle: string,
  name: string,
  sdk: SdkExport & { is: "call" },
): Candidate[] {
  const { source, vendor, started } = search;
  const { facts, pkg } = sdk;
  if (sdk.vendor !== vendor || (facts.role !== "flush" && facts.role !== "close") || facts.twin !== undefined)
    return [];
  const short = sdk.name.split(".").at(-1) ?? sdk.name;
  if (!started.has(pkg) && ![...started].some((p) => p.exports[sdk.name]?.kind === "function")) return [];
  if (/^capture/.test(short) || (search.repeatable && facts.role === "close")) return [];
  const written = writeFlush(source, { handle, name, facts, vendor, pipeline: false, optional: false });
  const second = facts.role === (vendor.buffering === "immediate" ? "flush" : "close") ? 0 : 0.2;
  return written ? [{ ...written, rank: RANK.function + second, kind: "function" }] : [];
}

function fieldValues({ project }: Search, cls: Cls, member: Member): Value[] {
  return [
    ...member.values.flatMap((e) => project.values.of(e, cls.module)),
    ...project.values.typed(member.type, cls.module),
  ];
}

/** The best of several; all providers of one pipeline together, since each holds telemetry of its own. */
export function best(candidates: Candidate[]): Candidate | undefined {
  const usable = candidates.filter((c) => c.sync === undefined);
  const [first] = [...usable].sort((a, b) => a.rank - b.rank);
  if (first?.kind !== "provider") return first;
  const byHandle = new Map<string, Candidate>();
  for (const c of usable) {
    if (c.kind !== "provider" || Math.floor(c.rank) !== Math.floor(first.rank)) continue;
    const handle = c.awaited.split(/\??\.(?:shutdown|forceFlush)\(/)[0] ?? "";
    const known = byHandle.get(handle);
    if (!known || c.rank < known.rank) byHandle.set(handle, c);
  }
  const all = [...byHandle.values()];
  if (all.length < 2 || all.length > MOST_PROVIDERS) return first;
  const calls = all.map((c) => c.awaited.replace(/\.catch\(console\.error\)$/, ""));
  return { ...first, awaited: `Promise.allSettled([${calls.join(", ")}])`, optional: false };
}

/** One each for traces, metrics and logs. */
const MOST_PROVIDERS = 3;
