import { evaluate, plain, type Scope } from "./evaluate.js";
import { partsOf, type Part } from "./parse.js";
import { isUnknownText, unknownBlock, unknownText } from "./unknown.js";
import { scalar, truthOf, unknown, type Origin, type Value } from "./values.js";
import { Writer, type Rendered } from "./writer.js";

interface State {
  file: string;
  text: string;
  writer: Writer;
  scope: Scope;
}

const mostItems = 200;

/**
 * Puts into a template what its values show for sure. What they do not show (functions of its own, the release, the cluster) is
 * written as something that stands for any value.
 * @param root what `.` is at the top
 * @returns undefined where the template cannot be read
 */
export function render(file: string, text: string, root: Value): Rendered | undefined {
  const parts = partsOf(text);
  if (!parts) return undefined;
  const writer = new Writer();
  try {
    write(parts, { file, text, writer, scope: { root, dot: root, variables: new Map() } });
    return writer.done();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function write(parts: readonly Part[], state: State): void {
  const { file, text, writer, scope } = state;
  for (const part of parts) {
    switch (part.p) {
      case "text":
        writer.put(text.slice(...part.at), { file, at: part.at }, true);
        break;
      case "set":
        scope.variables.set(part.name, plain(evaluate(part.value, scope, { file, at: [0, 0] })));
        break;
      case "out": {
        const origin = { file, at: part.at };
        const alone = /^[^\S\n]*(\r?\n|$|-?#)/.test(text.slice(part.at[1], part.at[1] + 80));
        writer.print(evaluate(part.value, scope, origin), origin, alone);
        break;
      }
      case "block":
        block(part, state);
    }
  }
}

function block(part: Part & { p: "block" }, state: State): void {
  const { file, scope } = state;
  const value = plain(evaluate(part.value, scope, { file, at: part.at }));
  const is = truthOf(value);
  if (is === undefined || (part.kind === "range" && is && value.k !== "list" && value.k !== "map"))
    return unknownPart(part, state);
  if (!is) return write(part.otherwise, within(state, scope.dot));
  if (part.kind === "if") return write(part.body, within(state, scope.dot));
  if (part.kind === "with") return write(part.body, within(state, value, part.names, [value]));
  const items = entriesOf(value);
  if (items.length > mostItems) return unknownPart(part, state);
  state.writer.loops += items.length > 1 ? 1 : 0;
  for (const [key, item] of items)
    write(part.body, within(state, item, part.names, part.names.length > 1 ? [key, item] : [item]));
  state.writer.loops -= items.length > 1 ? 1 : 0;
}

/** The items of a list, and the fields of a mapping in the order of their names, as `range` meets them. */
function entriesOf(value: Value): [Value, Value][] {
  if (value.k === "list") return value.items.map((item, n) => [scalar(n), item]);
  if (value.k !== "map") return [];
  return [...value.fields]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, item]) => [scalar(name, "origin" in item ? item.origin : undefined), item]);
}

/** Variables of a block end with it; those that it assigns to are the same as outside. */
function within(
  state: State,
  dot: Value,
  names: readonly string[] = [],
  given: readonly Value[] = [],
): State {
  const { scope } = state;
  if (dot === scope.dot && names.length === 0) return state;
  names.forEach((name, n) => scope.variables.set(name, given[n] ?? unknown));
  return { ...state, scope: { ...scope, dot } };
}

/** A block of which nobody knows whether it is there, or how often. */
function unknownPart(part: Part & { p: "block" }, state: State): void {
  const { file, writer, scope } = state;
  const inner = (parts: readonly Part[]): string => {
    const own = new Writer();
    const variables = new Map(scope.variables);
    for (const name of part.names) variables.set(name, unknown);
    write(parts, {
      ...state,
      writer: own,
      scope: { ...scope, variables, ...(part.kind === "if" ? {} : { dot: unknown }) },
    });
    return own.all();
  };
  const bodies = [inner(part.body), inner(part.otherwise)].filter((body) => body.trim() !== "");
  forget([...part.body, ...part.otherwise], scope);
  const [body] = bodies;
  if (body === undefined) return;
  const origin: Origin = { file, at: part.at };
  const [, head = "", first = ""] = /^(\s*\n)?([^\S\n]*)/.exec(body) ?? [];
  const line = writer.line();
  if (head === "" && line.trim() !== "") return writer.put(unknownText, origin, false);
  const indent = head === "" ? `${line}${first}` : first;
  const names = bodies.map((b) => namesIn(b, head === "" ? `${indent}${b.trimStart()}` : b, indent));
  writer.put(head === "" ? first : `\n${indent}`, origin, false);
  const known = names.every((n) => n !== undefined) ? [...new Set(names.flat())] : [];
  if (known.length === 0) return writer.put(unknownBlock, origin, false);
  writer.put(
    known.map((n) => (n === "-" ? `- ${unknownText}` : `${n}: ${unknownText}`)).join(`\n${indent}`),
    origin,
    false,
  );
}

/** The fields, or the items as `-`, that a block has at its own level; undefined where that cannot be told. */
function namesIn(_: string, body: string, indent: string): string[] | undefined {
  const lines = body.split("\n").filter((l) => !/^\s*(#.*)?$/.test(l));
  const found = new Set<string>();
  for (const line of lines) {
    const own = line.length - line.trimStart().length;
    // a block that goes on further out than it begins changes what is around it
    if (own < indent.length) throw new RangeError("the block leaves its own level");
    if (own > indent.length) continue;
    if (isUnknownText(line.slice(0, own + 1)) || line.includes(unknownBlock)) return undefined;
    const name = /^(-)(?=\s|$)|^["']?([\w./-]+)["']?\s*:(?=\s|$)/.exec(line.trimStart());
    if (!name) return undefined;
    found.add(name[1] ?? name[2] ?? "");
  }
  return found.has("-") && found.size > 1 ? undefined : [...found];
}

/** What a block may have set is not known behind it. */
function forget(parts: readonly Part[], scope: Scope): void {
  for (const part of parts) {
    if (part.p === "set") scope.variables.set(part.name, unknown);
    if (part.p === "block") forget([...part.body, ...part.otherwise], scope);
  }
}
