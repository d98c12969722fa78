import type { Span } from "../../syntax/ir.js";
import { expressionOf, tokensOf, type Expression } from "./expressions.js";

/** A part of a template. */
export type Part =
  | { p: "text"; at: Span }
  | { p: "out"; value: Expression; at: Span }
  | { p: "set"; name: string; value: Expression }
  | {
      p: "block";
      kind: "if" | "with" | "range";
      /** Variables that a `range` or `with` declares. */
      names: string[];
      value: Expression;
      body: Part[];
      otherwise: Part[];
      at: Span;
    };

interface Action {
  text: string;
  at: Span;
  trimsBefore: boolean;
  trimsAfter: boolean;
}

/** The parts of a template; undefined where its blocks do not fit together. */
export function partsOf(text: string): Part[] | undefined {
  const actions = actionsIn(text);
  if (!actions) return undefined;
  const top: Part[] = [];
  const open: Open[] = [{ into: top, kind: "top", ends: 1 }];
  let from = 0;
  for (const action of actions) {
    const before = text.slice(from, action.at[0]);
    const kept = action.trimsBefore ? before.trimEnd() : before;
    const current = open.at(-1);
    if (!current) return undefined;
    if (kept !== "") current.into.push({ p: "text", at: [from, from + kept.length] });
    from = action.at[1];
    if (action.trimsAfter) from += /^\s*/.exec(text.slice(from))?.[0].length ?? 0;
    if (!take(action, open)) return undefined;
  }
  if (from < text.length) top.push({ p: "text", at: [from, text.length] });
  return open.length === 1 ? top : undefined;
}

interface Open {
  into: Part[];
  kind: string;
  /** How many blocks its `end` closes: `else if` opens one within. */
  ends: number;
  block?: Part & { p: "block" };
}

function take(action: Action, open: Open[]): boolean {
  const current = open.at(-1);
  if (!current) return false;
  const [, word = "", rest = ""] = /^(\w+)?\s*([^]*)$/.exec(action.text) ?? [];
  switch (word) {
    case "if":
    case "with":
    case "range":
      open.push(opened(word, rest, action, current.into, 1));
      return true;
    case "define":
    case "block":
      // only what calls it by its name comes to see it
      open.push({ into: [], kind: word, ends: 1 });
      if (word === "block") current.into.push({ p: "out", value: { e: "unknown" }, at: action.at });
      return true;
    case "else": {
      if (!current.block) return false;
      const [, again, condition = ""] = /^(if|with)\s+([^]*)$/.exec(rest) ?? [];
      current.into = current.block.otherwise;
      if (again !== "if" && again !== "with") return rest.trim() === "";
      open.push(opened(again, condition, action, current.into, current.ends + 1));
      return true;
    }
    case "end":
      open.splice(-current.ends);
      return open.length > 0;
    case "break":
    case "continue":
      return false;
    default: {
      const assigned = /^\$(\w+)\s*:?=\s*([^]*)$/.exec(action.text);
      const value = read(assigned ? (assigned[2] ?? "") : action.text);
      current.into.push(
        assigned ? { p: "set", name: assigned[1] ?? "", value } : { p: "out", value, at: action.at },
      );
      return true;
    }
  }
}

function opened(
  kind: "if" | "with" | "range",
  text: string,
  { at }: Action,
  into: Part[],
  ends: number,
): Open {
  const [, names, rest] = /^((?:\$\w+\s*,\s*)?\$\w+)\s*:=\s*([^]*)$/.exec(text) ?? [];
  const block: Part & { p: "block" } = {
    p: "block",
    kind,
    names: names?.split(",").map((n) => n.trim().slice(1)) ?? [],
    value: read(rest ?? text),
    body: [],
    otherwise: [],
    at,
  };
  into.push(block);
  return { into: block.body, kind, ends, block };
}

function read(text: string): Expression {
  const tokens = tokensOf(text);
  return tokens ? expressionOf(tokens) : { e: "unknown" };
}

/** Every `{{ }}` of a template but its comments, which are kept for what they trim. */
function actionsIn(text: string): Action[] | undefined {
  const found: Action[] = [];
  const start = /\{\{(-(?=\s))?/g;
  for (let m = start.exec(text); m; m = start.exec(text)) {
    const inner =
      /(?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|\/\*(?:[^*]|\*(?!\/))*\*\/|\/(?!\*)|[^"`}/]|\}(?!\}))*?(?=\s-\}\}|\}\})/y;
    inner.lastIndex = start.lastIndex;
    const body = inner.exec(text)?.[0];
    if (body === undefined) return undefined;
    const end = /\s-\}\}|\}\}/y;
    end.lastIndex = start.lastIndex + body.length;
    const close = end.exec(text)?.[0] ?? "";
    const to = end.lastIndex;
    const action = {
      at: [m.index, to] as const,
      trimsBefore: m[1] !== undefined,
      trimsAfter: close.includes("-"),
    };
    const code = body.replace(/^\s*\/\*[^]*\*\/\s*$/, "").trim();
    found.push({ ...action, text: code === "" ? "$_ := 0" : code });
    start.lastIndex = to;
  }
  return found;
}
