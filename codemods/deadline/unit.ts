import type { Repair } from "../../src/finding.js";
import type { CallFacts } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, list, nameOf, type Source } from "../edit/source.js";
import { givenLimit, numberIn } from "./limit.js";

/** Gives the limit of a call in the unit that the SDK counts in: in place, or in the constant that nothing else uses. */
export function rightUnit(
  project: Project,
  source: Source,
  call: Node,
  timeout: CallFacts["timeout"] & object,
): Repair | undefined {
  const given = givenLimit(call, timeout);
  if (!given) return undefined;
  const title = timeout.unit === "ms" ? "Give the limit in milliseconds" : "Give the limit in seconds";
  const convert = (value: number): string => String(timeout.unit === "ms" ? value * 1000 : value / 1000);
  const repair = (node: Node, text: string): Repair => ({
    level: "safe",
    title,
    edits: [source.replace(node.start, node.end, text)],
  });
  const value = numberIn(given);
  if (value !== undefined) return repair(given, convert(value));
  if (given.type !== "Identifier") return undefined;
  const declared = declarationOf(project, source, given.name as string);
  const number = numberIn(declared);
  if (declared && number !== undefined) return repair(declared, convert(number));
  return repair(given, `${given.name as string} ${timeout.unit === "ms" ? "*" : "/"} 1000`);
}

/** The value of a constant that only this call uses, unless its name says which unit it is in. */
function declarationOf(project: Project, source: Source, name: string): Node | undefined {
  const module = project.module(source.file);
  if (!module || module.exports.has(name) || /sec(ond)?s?$|_s$/i.test(name)) return undefined;
  const same = [...source.nodes()].filter((n) => n.type === "Identifier" && n.name === name);
  const holders = same.map((n) => source.parentOf(n)).filter((p) => p?.type === "VariableDeclarator");
  const [holder] = holders;
  if (same.length !== 2 || !holder || nameOf(child(holder, "id")) !== name) return undefined;
  return list(source.parentOf(holder), "declarations").includes(holder) ? child(holder, "init") : undefined;
}
