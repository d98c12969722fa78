import { errorSlots } from "../../knowledge/handler-slots.js";
import { linkWords } from "../../knowledge/link-words.js";
import type { ChainBreak } from "../../program/details.js";
import type { Project } from "../../program/project.js";
import type { Fn, Module } from "../../syntax/ir.js";
import type { Check } from "../../program/rule-of-checks.js";
import { isWithin } from "../links.js";
import { modulesSaying } from "../modules.js";
import { keepsToItself, keptBefore, rootOf, type Start } from "./slot-keepers.js";
import { type Overwritten, overwrittenIn } from "./slots.js";
import { isOfTelemetryPackage } from "./telemetry-packages.js";

const SLOTS = new Set([...errorSlots, "fetch", "emit"]);

/**
 * A function is put into a slot that holds one function only, and what stood there is not called any more: in telemetry that is
 * installed into other programs, after an SDK that had put itself there, or into `process.emit`.
 * `names`: the slot, as it is called; the SDK that stood there, where that is known. `parts`: the member, the function.
 */
export const slot: Check = {
  id: "slot",
  summary: "A global handler is overwritten and what stood there is lost.",
  strict: false,
  find: (project) =>
    modulesSaying(linkWords.slot, project).flatMap((module) =>
      overwrittenIn(module, SLOTS, project).flatMap((found) => lostBy(found, module, project)),
    ),
  message: ({ names: [name = "", keeper] }) =>
    keeper !== undefined
      ? `This takes the place of the handler that ${keeper} has put into \`${name}\`, so ${keeper} hears of no error any more: keep the old handler and call it.`
      : name === "process.emit"
        ? "This takes the place of `process.emit`, so no listener of the process is called any more: keep the old function and call it."
        : `This takes the place of whatever another agent or the page has put into \`${name}\`: keep the old ${name.endsWith("fetch") ? "function" : "handler"} and call it.`,
};

function lostBy(found: Overwritten, module: Module, project: Project): ChainBreak[] {
  const { slot: name, put } = found;
  const broken = (start?: Start): ChainBreak => ({
    kind: "chain-break",
    check: slot.id,
    fn: put.fn,
    at: put.at,
    names: [name === "emit" ? "process.emit" : `window.${name}`, ...(start ? [start.keeper.name] : [])],
    parts: [put.to, put.e],
    others: start
      ? [{ fn: start.fn, at: start.call.at, message: `${start.keeper.name} is started here` }]
      : [],
  });
  if (name === "emit") return [broken()];
  const start = errorSlots.has(name) ? keptBefore(name, put.at[0], module, project) : undefined;
  if (start) return keepsToItself(found.handler, project) ? [broken(start)] : [];
  const reports = name === "fetch" || handsOn(found.handler, module);
  return reports && isOfTelemetryPackage(module, project) ? [broken()] : [];
}

/** The handler calls something of the program or of a package: it does more than write to the console. */
const handsOn = (handler: Fn, module: Module): boolean =>
  module.calls.some(({ call: { callee }, fn }) => {
    if (!isWithin(fn, handler)) return false;
    const root = rootOf(callee);
    return root.k === "this" || (root.k === "id" && root.bind !== undefined);
  });
