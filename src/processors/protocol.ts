import { protocolOfPackage, type Protocol } from "../knowledge/otlp-endpoints.js";
import type { Expr, Module } from "../syntax/ir.js";
import type { Part } from "./parts.js";

/** The protocol of an exporter, by the package that its class is imported from. */
export function protocolOf({ call, fn }: Part): Protocol | undefined {
  const specifier = specifierOf(call.callee, fn.module);
  return protocolOfPackage.find((p) => specifier !== undefined && p.package.test(specifier))?.protocol;
}

/** The module that a name comes from, through namespaces, aliases and destructured requires. */
export function specifierOf(e: Expr, module: Module, depth = 0): string | undefined {
  if (depth > 6) return undefined;
  if (e.k === "import") return e.specifier;
  if (e.k === "mem") return specifierOf(e.o, module, depth + 1);
  if (e.k === "await") return specifierOf(e.e, module, depth + 1);
  if (e.k !== "id" || !e.bind) return undefined;
  if (e.bind.from) return e.bind.from.specifier;
  const [value] = e.bind.values;
  return value && e.bind.values.length === 1 ? specifierOf(value, module, depth + 1) : undefined;
}
