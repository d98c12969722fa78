import type { Repair } from "../../../src/finding.js";
import type { ChainBreak } from "../../../src/program/details.js";
import { child, isFunction, list, openSource, type Source } from "../../edit/source.js";
import { addEvent, fillEvent } from "./forward-event.js";
import type { ChainRepair } from "../../edit/repair.js";

/** Hands on what a link keeps to itself. */
export const repairNotForwarded: ChainRepair = (broken, project) => {
  const source = openSource(project, broken.fn.module.file);
  return source && repairs[broken.names[0] ?? ""]?.(broken, source);
};

type Mend = (broken: ChainBreak, source: Source) => Repair | undefined;

const repairs: Readonly<Record<string, Mend>> = {
  "swallowed-event": fillEvent,
  "missing-event": addEvent,
  "unreturned-call": (broken, source) => returned(broken, source, "Return the call"),
  "stopped-call": goOn,
  "unheard-stream": hearIt,
  "raw-response": ({ at }, source) => ({
    level: "safe",
    title: "Hand on what the call yields",
    edits: [source.insert(at[0], "yield* ")],
  }),
  "lost-response": (broken, source) => returned(broken, source, "Return the response"),
  "lost-result": (broken, source) => returned(broken, source, "Return the result"),
};

/** `return` before the statement of a call that is the last of its function. */
function returned({ fn, at }: ChainBreak, source: Source, title: string): Repair | undefined {
  const call = source.at(at, "CallExpression", "NewExpression");
  const statement = call && [...source.ancestors(call)].find((n) => n.type === "ExpressionStatement");
  if (!statement || !isLast(source, statement, fn.bodyAt)) return undefined;
  const annotation = child(child(source.functionOf(statement), "returnType"), "typeAnnotation");
  if (annotation && /\bvoid\b/.test(source.textOf(annotation))) return undefined;
  return { level: "safe", title, edits: [source.insert(statement.start, "return ")] };
}

type Node = NonNullable<ReturnType<Source["at"]>>;

/** Nothing of the function runs behind a statement but `catch` and `finally`. */
function isLast(source: Source, statement: Node, body: readonly [number, number]): boolean {
  let at = statement;
  for (const up of source.ancestors(statement)) {
    if (up.type === "BlockStatement" && list(up, "body").at(-1) !== at) return false;
    if (up.start === body[0] && up.end === body[1]) return true;
    if (!/^(BlockStatement|TryStatement|IfStatement|ExpressionStatement)$/.test(up.type)) return false;
    at = up;
  }
  return false;
}

/** `next(message)` at the end of a method that is given `next` and does nothing with it. */
function goOn({ fn }: ChainBreak, source: Source): Repair | undefined {
  const own = source.at(fn.at, "FunctionExpression", "ArrowFunctionExpression");
  const block = source.at(fn.bodyAt, "BlockStatement");
  const names = list(own, "params").map((p) => (p.type === "Identifier" ? String(p.name) : undefined));
  const next = names.pop();
  const [first] = list(block, "body");
  const last = list(block, "body").at(-1);
  const isGiven = next !== undefined && fn.params.at(-1)?.[0]?.name === next && !names.includes(undefined);
  // where it leaves early, it may mean to stop
  if (!isGiven || !block || !first || !last || hasReturn(source, block)) return undefined;
  const line = `\n${source.indentAt(last.start)}${next}(${names.join(", ")})${source.style.semicolon}`;
  return {
    level: "review",
    title: "Go on with the call",
    edits: [source.insert(last.end, source.isFirstOnLine(last.start) ? line : ` ${line.trim()}`)],
  };
}

const hasReturn = (source: Source, block: Node): boolean =>
  [...source.nodes()].some(
    (n) =>
      n.type === "ReturnStatement" &&
      block.start <= n.start &&
      n.end <= block.end &&
      source.functionOf(n) === source.functionOf(block),
  );

/** The event that an observer leaves out, handed to the observer behind it. */
function hearIt(
  { at, names: [, event = "", observer = ""] }: ChainBreak,
  source: Source,
): Repair | undefined {
  const [given, ...others] = list(source.at(at, "CallExpression"), "arguments");
  if (!given || others.length > 0) return undefined;
  const handler =
    event === "error"
      ? `error: (error) => ${observer}.error(error)`
      : `complete: () => ${observer}.complete()`;
  const repair = (edits: Repair["edits"]): Repair => ({
    level: "safe",
    title: `Hand on \`${event}\``,
    edits,
  });
  if (isFunction(given))
    return repair([source.insert(given.start, "{ next: "), source.insert(given.end, `, ${handler} }`)]);
  const last = list(given, "properties").at(-1);
  if (!last) return undefined;
  const gap = source.isFirstOnLine(last.start) ? `\n${source.indentAt(last.start)}` : " ";
  return repair([source.insert(last.end, `,${gap}${handler}`)]);
}
