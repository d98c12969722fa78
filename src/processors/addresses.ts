import { originOf } from "../chain/same.js";
import type { Project } from "../program/project.js";
import type { Expr, Module, Span } from "../syntax/ir.js";

/** An address as far as it is written out. */
export interface Address {
  /** The text, without quotes; of a template what follows its last expression. */
  text: string;
  /** Something unknown stands in front of the text. */
  tail: boolean;
  /** The text is only taken where a variable is not set. */
  fallback: boolean;
  module: Module;
  at: Span;
}

const MAX_DEPTH = 6;

/** What an expression for an address may be, as far as the program writes it out. */
export function addressesOf(
  e: Expr,
  module: Module,
  project: Project,
  fallback = false,
  depth = 0,
): Address[] {
  const deeper = (next: Expr, home: Module, later = fallback): Address[] =>
    depth > MAX_DEPTH ? [] : addressesOf(next, home, project, later, depth + 1);
  switch (e.k) {
    case "lit":
      return typeof e.v === "string" ? [{ text: e.v, tail: false, fallback, module, at: e.at }] : [];
    case "logic":
      return e.op === "&&" ? deeper(e.r, module) : [...deeper(e.l, module), ...deeper(e.r, module, true)];
    case "cond":
      return [...deeper(e.then, module), ...deeper(e.else, module)];
    case "id": {
      const origin = originOf(e);
      return origin === e || !e.bind ? [] : deeper(origin, e.bind.owner.module);
    }
    case "mem":
      return e.p === undefined
        ? []
        : membersOf(e, e.p, module, project).flatMap((m) => deeper(m.e, m.module));
    case "seq":
      return templateTail(e, module, project, fallback);
    default:
      return [];
  }
}

/** The values of a member of an object of the program. */
function membersOf(
  { o }: Expr & { k: "mem" },
  name: string,
  module: Module,
  project: Project,
): { e: Expr; module: Module }[] {
  const values = project.values.of(o, module);
  const [only] = values;
  if (values.length !== 1 || only?.v !== "object") return [];
  const named = only.obj.props.filter((p) => p.name === name);
  return named.map((p) => ({ e: p.value, module: only.module }));
}

/** `http://${host}:4318/v1/traces` ends with what is known of it. */
function templateTail(e: Expr, module: Module, project: Project, fallback: boolean): Address[] {
  const text = project.index.read(module.file)?.slice(e.at[0], e.at[1]) ?? "";
  const tail = /^`[^]*\}([^{}`$]*)`$/.exec(text)?.[1];
  return tail === undefined ? [] : [{ text: tail, tail: true, fallback, module, at: e.at }];
}

/** Port, host and path of an address; each undefined where it is not written out. */
export interface Target {
  scheme: string | undefined;
  host: string | undefined;
  port: string | undefined;
  path: string | undefined;
}

/** Takes an address apart. */
export function targetOf({ text, tail }: Pick<Address, "text" | "tail">): Target | undefined {
  if (tail) {
    const known = /^(?::(\d+))?(\/[^?#]*)?(?:[?#].*)?$/.exec(text);
    if (!known || text === "") return undefined;
    return {
      scheme: undefined,
      host: undefined,
      port: known[1],
      path: known[2] ?? (known[1] ? "" : undefined),
    };
  }
  const full = /^(?:([a-z][a-z+.-]*):\/\/)?([\w.-]+|\[[\da-f:]+\])(?::(\d+))?(\/[^?#]*)?(?:[?#].*)?$/i.exec(
    text.trim(),
  );
  return full
    ? { scheme: full[1]?.toLowerCase(), host: full[2], port: full[3], path: full[4] ?? "" }
    : undefined;
}
