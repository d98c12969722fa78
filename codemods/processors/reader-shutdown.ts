import type { Edit, Repair } from "../../src/finding.js";
import type { ChainBreak } from "../../src/program/details.js";
import type { Node } from "../../src/syntax/parse.js";
import type { ChainRepair } from "../edit/repair.js";
import { child, nameOf, openSource, type Source } from "../edit/source.js";

const NAME = "metricReader";

/**
 * The reader, or the provider that is shut down, is flushed before each shutdown.
 * @returns undefined where a flush collects nothing, and where nothing that can be flushed is at hand
 */
export const repairReaderShutdown: ChainRepair = (broken, project): Repair | undefined => {
  const [, , , flush, cls = ""] = broken.names;
  const [reader, ...closes] = broken.parts ?? [];
  const source = flush === "flush" ? openSource(project, broken.fn.module.file) : undefined;
  if (!source || !reader || closes.length === 0) return undefined;
  const made = isIn(broken, broken.others?.[0]) ? source.at(reader.at, "NewExpression") : undefined;
  const calls = closes.map(({ at }) => source.at(at, "CallExpression"));
  const named = cls === "NodeSDK" ? made && nameFor(made, calls, source) : { name: undefined, edits: [] };
  if (!named) return undefined;
  const edits = calls.map((call) => call && flushed(call, named.name, source));
  return edits.includes(undefined)
    ? undefined
    : {
        level: "review",
        title: "Flush the metrics before the shutdown",
        edits: [...named.edits, ...edits.filter((edit) => edit !== undefined)],
      };
};

const isIn = ({ fn }: ChainBreak, other: { fn: ChainBreak["fn"] } | undefined): boolean =>
  other?.fn.module === fn.module;

/** The name by which the shutdowns can reach the reader; one that is made among the options of the SDK gets a name. */
function nameFor(
  reader: Node,
  closes: readonly (Node | undefined)[],
  source: Source,
): { name: string; edits: Edit[] } | undefined {
  const statement = [...source.ancestors(reader)].find((n) => BLOCKS.has(source.parentOf(n)?.type ?? ""));
  const block = statement && source.parentOf(statement);
  const isSeen = closes.every((call) => call && block && [...source.ancestors(call)].includes(block));
  const declaration =
    statement?.type === "ExportNamedDeclaration" ? child(statement, "declaration") : statement;
  if (!statement || !isSeen) return undefined;
  const holder = source.parentOf(reader);
  if (holder?.type === "VariableDeclarator") {
    const name = nameOf(child(holder, "id"));
    return name === undefined || source.parentOf(holder) !== declaration ? undefined : { name, edits: [] };
  }
  if (declaration?.type !== "VariableDeclaration" || isTaken(NAME, source)) return undefined;
  const property = holder?.type === "Property" && nameOf(child(holder, "key")) === NAME ? holder : reader;
  const indent = source.indentAt(statement.start);
  const text = source.textOf(reader).replaceAll(`\n${source.indentAt(reader.start)}`, `\n${indent}`);
  return {
    name: NAME,
    edits: [
      source.insert(statement.start, `const ${NAME} = ${text}${source.style.semicolon}\n${indent}`),
      source.replace(property.start, property.end, NAME),
    ],
  };
}

const BLOCKS = new Set(["Program", "BlockStatement"]);

/** The name stands somewhere for something else than a key. */
function isTaken(name: string, source: Source): boolean {
  for (const node of source.nodes()) {
    if (node.type !== "Identifier" || node.name !== name) continue;
    const parent = source.parentOf(node);
    const isKey = parent?.type === "Property" && child(parent, "key") === node && parent.shorthand !== true;
    if (!isKey) return true;
  }
  return false;
}

/** A flush in front of the statement that awaits the shutdown, or in front of the shutdown itself. */
function flushed(call: Node, name: string | undefined, source: Source): Edit | undefined {
  const callee = child(call, "callee");
  const owner = child(callee, "object");
  if (!owner || callee?.type !== "MemberExpression") return undefined;
  const handle = source.textOf(owner);
  const isOptional = callee.optional === true;
  const target = name ?? `${handle}${isOptional ? "?" : ""}`;
  const awaited = source.parentOf(call);
  const whole = awaited?.type === "ChainExpression" ? source.parentOf(awaited) : awaited;
  const statement = whole?.type === "AwaitExpression" ? source.parentOf(whole) : undefined;
  const block = statement && source.parentOf(statement);
  if (
    statement?.type === "ExpressionStatement" &&
    (block?.type === "BlockStatement" || block?.type === "Program")
  ) {
    return source.insert(
      statement.start,
      `await ${target}.forceFlush()${source.style.semicolon}${source.isFirstOnLine(statement.start) ? `\n${source.indentAt(statement.start)}` : " "}`,
    );
  }
  if (isOptional && name === undefined) return undefined;
  return source.replace(
    call.start,
    call.end,
    `${target}.forceFlush().finally(() => ${handle}${isOptional ? "?" : ""}.shutdown())`,
  );
}
