import { isWithin } from "../../../src/chain/links.js";
import type { Expr, Fn } from "../../../src/syntax/ir.js";
import { evaluates } from "../../../src/syntax/parts.js";
import { openSource } from "../../edit/source.js";
import type { ChainRepair } from "../../edit/repair.js";

/** Calls the original on the early path as another path does, with what is there from the beginning. */
export const repairEarlyPath: ChainRepair = ({ fn, at, parts = [] }, project) => {
  const source = openSource(project, fn.module.file);
  const call = parts.find((part) => isThereEarly(part, fn));
  const exit = source?.at(at, "ReturnStatement");
  if (!source || !call || !exit) return undefined;
  const text = source.text.slice(...call.at);
  return {
    level: "review",
    title: "Call the original on this path as well",
    edits: [source.replace(exit.start, exit.end, `return ${text}${source.style.semicolon}`)],
  };
};

/** All that an expression reads is a parameter, or comes from outside of the function. */
const isThereEarly = (e: Expr, fn: Fn): boolean =>
  !evaluates(
    e,
    (part) =>
      part.k === "fn" ||
      (part.k === "id" &&
        part.bind !== undefined &&
        isWithin(part.bind.owner, fn) &&
        part.bind.param?.fn !== fn),
  );
