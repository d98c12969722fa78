import { handlerParameters } from "../../../src/knowledge/handler-events.js";
import type { Repair } from "../../../src/finding.js";
import type { ChainBreak } from "../../../src/program/details.js";
import { child, list, nameOf, type Source } from "../../edit/source.js";

type Node = NonNullable<ReturnType<Source["at"]>>;

/** An empty method of a handler hands its event to the handler behind it. */
export function fillEvent({ fn, names, parts = [] }: ChainBreak, source: Source): Repair | undefined {
  const [, event = ""] = names;
  const [inner] = parts;
  const own = source.at(fn.at, "FunctionExpression", "ArrowFunctionExpression");
  const body = source.at(fn.bodyAt, "BlockStatement");
  const given = own && argumentsOf(source, own, event);
  if (!inner || !own || !body || !given) return undefined;
  const call = `return ${source.text.slice(...inner.at)}.${event}?.(${given.names.join(", ")})${source.style.semicolon}`;
  const indent = source.indentAt(body.start);
  return {
    level: "safe",
    title: `Hand on \`${event}\``,
    edits: [
      ...given.edits,
      source.replace(body.start, body.end, `{\n${indent}${source.style.indent}${call}\n${indent}}`),
    ],
  };
}

/** The parameters of a method by name; in JavaScript they are written where there are none. */
function argumentsOf(
  source: Source,
  own: Node,
  event: string,
): { names: readonly string[]; edits: Repair["edits"] } | undefined {
  const parameters = list(own, "params");
  const wanted = handlerParameters[event] ?? [];
  if (parameters.length > 0) {
    const names = parameters.map((p) => nameOf(p));
    return names.every((name) => name !== undefined) && names.length === wanted.length
      ? { names, edits: [] }
      : undefined;
  }
  if (wanted.length === 0) return { names: [], edits: [] };
  const open = source.text.indexOf("(", own.start);
  if (source.isTypeScript || open < 0 || source.text[open + 1] !== ")") return undefined;
  return { names: wanted, edits: [source.insert(open + 1, wanted.join(", "))] };
}

/** A method for an event that a handler leaves out, behind the last one that it has. */
export function addEvent({ at, names, parts = [] }: ChainBreak, source: Source): Repair | undefined {
  const [, event = ""] = names;
  const [inner] = parts;
  const cls = [...source.nodes()].find((n) => /^Class/.test(n.type) && n.start === at[0]);
  const wanted = handlerParameters[event] ?? [];
  if (!inner || !cls || (source.isTypeScript && wanted.length > 0)) return undefined;
  const methods = list(child(cls, "body"), "body").filter(
    (n) => n.type === "MethodDefinition" && nameOf(child(n, "key")) !== undefined,
  );
  const before = methods.findLast((n) => (nameOf(child(n, "key")) ?? "") in handlerParameters);
  if (!before) return undefined;
  const indent = source.indentAt(before.start);
  const { semicolon, indent: step } = source.style;
  const space = /\w \($/.test(source.text.slice(0, (child(before, "value")?.start ?? 0) + 1)) ? " " : "";
  const call = `return ${source.text.slice(...inner.at)}.${event}?.(${wanted.join(", ")})${semicolon}`;
  const method = `${event}${space}(${wanted.join(", ")}) {\n${indent}${step}${call}\n${indent}}`;
  return {
    level: "safe",
    title: `Hand on \`${event}\``,
    edits: [source.insert(before.end, `\n\n${indent}${method}`)],
  };
}
