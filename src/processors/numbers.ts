import { originOf } from "../chain/same.js";
import type { Project } from "../program/project.js";
import type { Expr, Module } from "../syntax/ir.js";

const FACTOR = /^[\d_]+(?:\.\d+)?(?:e\d+)?$/;

/** The number that an expression stands for where it is written out: `512`, `60 * 1000`, `-1`, a constant with such a value. */
export function numberOf(e: Expr, module: Module, project: Project): number | undefined {
  const origin = originOf(e);
  if (origin.k === "lit") return typeof origin.v === "number" ? origin.v : undefined;
  if (origin.k !== "seq") return undefined;
  const home = origin === e || e.k !== "id" || !e.bind ? module : e.bind.owner.module;
  const text = project.index.read(home.file)?.slice(origin.at[0], origin.at[1]).trim();
  if (text === undefined || text.length > 60) return undefined;
  const sign = text.startsWith("-") ? -1 : 1;
  const factors = (sign < 0 ? text.slice(1) : text).split("*").map((factor) => factor.trim());
  if (!factors.every((factor) => FACTOR.test(factor))) return undefined;
  return factors.reduce((product, factor) => product * Number(factor.replaceAll("_", "")), sign);
}
