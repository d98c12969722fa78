import type { Edit, Repair } from "../../../src/finding.js";
import type { ChainBreak } from "../../../src/program/details.js";
import { isNothing } from "../../../src/chain/lists/options.js";
import { mayBeNothing } from "../../../src/chain/lists/presence.js";
import type { Project } from "../../../src/program/project.js";
import type { Expr, Module } from "../../../src/syntax/ir.js";
import type { Node } from "../../../src/syntax/parse.js";
import { inFront, propertyOf, withoutProperty } from "../../edit/property.js";
import { child, list, nameOf, openSource, type Source } from "../../edit/source.js";
import { batchProcessorFor } from "./batch-processor.js";
import type { ChainRepair } from "../../edit/repair.js";

/** The value moves to where it is read: into the list that wins, or under the name that was meant. */
export const repairIgnoredExporter: ChainRepair = (broken, project) => {
  const { fn, names, parts = [] } = broken;
  const [option = "", read = ""] = names;
  const [value, winner] = parts;
  const source = openSource(project, fn.module.file);
  const property = source && value && propertyOf(source, value.at, option);
  const kept = winner && source && propertyOf(source, winner.at, read);
  if (!property || option === read) return undefined;
  return winner
    ? kept && source.parentOf(property) === source.parentOf(kept)
      ? moved(broken, source, property, kept, project)
      : undefined
    : renamed(broken, source, property, project);
};

/** `traceExporter: e` goes, and `new BatchSpanProcessor(e)` comes to the front of the processors. */
function moved(
  { fn, names: [option = "", read = ""], parts: [value] = [] }: ChainBreak,
  source: Source,
  property: Node,
  kept: Node,
  project: Project,
): Repair | undefined {
  const made = madeFor(option, source, fn.module, project);
  const item = made && value && itemFor(value, child(property, "value"), source, made.wrap);
  if (!made || item === undefined) return undefined;
  const singular = read === "spanProcessor";
  const old = child(kept, "value");
  const put =
    singular && old
      ? source.replace(kept.start, kept.end, `spanProcessors: [${item}, ${source.textOf(old)}]`)
      : inFront(source, kept, [item]);
  return {
    level: made.edits.length === 0 ? "safe" : "review",
    title: `Give it to the SDK by \`${singular ? "spanProcessors" : read}\``,
    edits: [...made.edits, withoutProperty(source, property), put],
  };
}

/** How an exporter becomes a processor; a processor or reader already is what the list holds. */
function madeFor(
  option: string,
  source: Source,
  module: Module,
  project: Project,
): { wrap: (text: string) => string; edits: Edit[] } | undefined {
  if (!/exporter$/i.test(option)) return { wrap: (text) => text, edits: [] };
  const batch = batchProcessorFor(source, module, project);
  return batch && { wrap: (text) => `new ${batch.name}(${text})`, edits: batch.edits };
}

/** The item of the list, under the condition under which there is one. */
function itemFor(
  value: Expr,
  node: Node | undefined,
  source: Source,
  wrap: (text: string) => string,
): string | undefined {
  if (!node) return undefined;
  if (!mayBeNothing(value)) return wrap(source.textOf(node));
  const under = (test: string, e: string): string => `...(${test} ? [${wrap(e)}] : [])`;
  const test = child(node, "test");
  const then = child(node, "consequent");
  if (node.type === "ConditionalExpression" && test && then && value.k === "cond" && isNothing(value.else))
    return under(source.textOf(test), source.textOf(then));
  const left = child(node, "left");
  const right = child(node, "right");
  if (node.type === "LogicalExpression" && node.operator === "&&" && left && right)
    return under(source.textOf(left), source.textOf(right));
  return node.type === "Identifier" ? under(source.textOf(node), source.textOf(node)) : undefined;
}

/** Where the name that was meant is not given, the option gets that name. */
function renamed(
  { names: [option = "", read = ""], parts: [value] = [], fn }: ChainBreak,
  source: Source,
  property: Node,
  project: Project,
): Repair | undefined {
  const node = child(property, "value");
  const siblings = list(source.parentOf(property), "properties");
  if (!value || !node || siblings.some((p) => p.type === "SpreadElement" || nameOf(child(p, "key")) === read))
    return undefined;
  const to = (text: string, edits: readonly Edit[] = []): Repair => ({
    level: "review",
    title: `Give it to the SDK by \`${read}\``,
    edits: [...edits, source.replace(property.start, property.end, `${read}: ${text}`)],
  });
  const isList = option.endsWith("s");
  if (isList || read === "traceExporter") return to(source.textOf(node));
  if (/exporter$/i.test(option) && read !== "spanProcessors") return undefined;
  const made = madeFor(option, source, fn.module, project);
  const item = made && itemFor(value, node, source, made.wrap);
  return item === undefined ? undefined : to(`[${item}]`, made?.edits);
}
