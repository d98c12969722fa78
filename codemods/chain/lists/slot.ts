import { child, isFunction, nameOf, openSource } from "../../edit/source.js";
import { firstIn, freeName, givenTo, namesIn } from "./handler.js";
import type { ChainRepair } from "../../edit/repair.js";

/** What the browser gives to the handler in a slot, and what its old one is called. */
const HANDLERS: Readonly<Record<string, { given: readonly string[]; old: string }>> = {
  onerror: { given: ["event", "source", "lineno", "colno", "error"], old: "previousOnError" },
  onunhandledrejection: { given: ["event"], old: "previousOnUnhandledRejection" },
};

/** The old handler is kept in a variable, and the new one calls it before anything else. */
export const repairSlot: ChainRepair = ({ fn, at, names: [name = ""] }, project) => {
  const source = openSource(project, fn.module.file);
  const assignment = source?.at(at, "AssignmentExpression");
  const statement = source && assignment && source.parentOf(assignment);
  const member = child(assignment, "left");
  const holder = child(member, "object");
  const handler = child(assignment, "right");
  const facts = HANDLERS[name.split(".").at(-1) ?? ""];
  if (!source || !facts || !member || !holder || !handler || !isFunction(handler)) return undefined;
  const around = statement?.type === "ExpressionStatement" ? source.parentOf(statement) : undefined;
  if (!statement || (around?.type !== "Program" && around?.type !== "BlockStatement")) return undefined;
  const params = givenTo(source, handler, facts.given);
  if (!params) return undefined;
  const old = freeName(namesIn(source, source.program), facts.old);
  const { semicolon } = source.style;
  const on = holder.type === "Identifier" ? (nameOf(holder) ?? "window") : "window";
  const call =
    params.whole === undefined
      ? `${old}.call(${[on, ...(params.each ?? [])].join(", ")})`
      : `${old}.apply(${on}, ${params.whole})`;
  const first = firstIn(source, handler, `if (${old}) ${call}${semicolon}`);
  if (!first) return undefined;
  const keyword = /\bvar\b/.test(source.text) && !/\b(?:const|let)\b/.test(source.text) ? "var" : "const";
  const kept = `${keyword} ${old} = ${source.textOf(member)}${semicolon}\n${source.indentAt(statement.start)}`;
  return {
    level: "review",
    title: "Keep the old handler and call it",
    edits: [source.insert(statement.start, kept), ...params.edits, first],
  };
};
