import type { ExitFacts, OwnerFacts } from "../knowledge/schema.js";
import type { Cls, Expr, Fn, Module } from "../syntax/ir.js";
import type { SdkCall, SdkExport } from "./lookup.js";

/**
 * What an expression can be, as far as the program shows. An empty list means unknown; several mean any of them.
 * Promises are not told apart from what they settle to.
 */
export type Value =
  /** An export of an SDK package, or a member of one of its handles. */
  | { v: "sdk"; sdk: SdkExport }
  | { v: "member"; member: SdkCall; on: Expr | undefined }
  /** A function, class, instance or object of the program. */
  | { v: "fn"; fn: Fn }
  | { v: "class"; cls: Cls }
  | { v: "instance"; cls: Cls }
  | { v: "object"; obj: Expr & { k: "obj" }; module: Module }
  | { v: "array"; items: Expr[] }
  | { v: "namespace"; module: Module }
  /** A global such as `process`, followed by the members read from it. */
  | { v: "global"; path: string }
  /** A package without tables, and the path read from it. */
  | { v: "package"; specifier: string; path: string }
  | { v: "exit"; facts: ExitFacts; name: string }
  | { v: "owner"; facts: OwnerFacts };
