import type { Project } from "../../program/project.js";
import type { Expr, Fn } from "../../syntax/ir.js";
import { isWithin } from "../links.js";
import { isHandedOver } from "./handed-over.js";
import { ends, isAway, occurrencesOf } from "./occurrences.js";
import type { Wrapper } from "./wrappers.js";

/**
 * Whether somebody else may end what a wrapper wraps: another method of the wrapper, who made it, who is handed it, or who reads it
 * from the wrapper's field.
 * @param methods the lifecycle methods of the wrapper that are known not to
 */
export function isOwnedElsewhere(wrapper: Wrapper, methods: readonly Fn[], project: Project): boolean {
  const { inner, fns, module, at } = wrapper;
  const others = fns.filter((fn) => !methods.some((method) => isWithin(fn, method)));
  if (occurrencesOf(inner, others).some(isAway)) return true;
  if ("bind" in inner) {
    const { bind } = inner;
    return !isHandedOver({ k: "id", name: bind.name, bind, at }, module, at, project);
  }
  const values = inner.cls.members.get(inner.field)?.values ?? [];
  if (values.length === 0 || isEndedOutside(inner.field, wrapper, project)) return true;
  return values.some((e) => isKeptTwice(e, wrapper) || !isHandedOver(e, module, at, project));
}

/** A parameter that is put into the field and handed to something else, too. */
const isKeptTwice = (e: Expr, { fns }: Wrapper): boolean =>
  e.k === "id" &&
  e.bind !== undefined &&
  occurrencesOf({ bind: e.bind, many: false }, fns).some((o) => o.e !== e && isAway(o));

/** `wrapper.inner.shutdown()` in a file that knows the wrapper. */
function isEndedOutside(field: string, { cls, module }: Wrapper, { index }: Project): boolean {
  const name = cls?.name;
  const ended = new RegExp(`(?<!\\bthis)\\??\\.${field.replace("#", "\\#")}\\??\\.${ends}\\b`);
  return index.sources.some((file) => {
    const text = index.read(file) ?? "";
    return (file === module.file || (name !== undefined && text.includes(name))) && ended.test(text);
  });
}
