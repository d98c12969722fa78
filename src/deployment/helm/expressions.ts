/** What an action of a template computes. */
export type Expression =
  | { e: "path"; of: Expression | undefined; root: string; names: string[] }
  | { e: "literal"; value: string | number | boolean | null }
  | { e: "call"; name: string; args: Expression[] }
  | { e: "unknown" };

const token =
  /\s*(?:("(?:[^"\\\n]|\\.)*")|`([^`]*)`|(-?\d+(?:\.\d+)?)(?![\w.])|(\$?\w*(?:\.\w+)+|\$\w*|\.)|(\w+)|(:?=|[()|,]))/y;

interface Token {
  text: string;
  kind: "text" | "number" | "path" | "word" | "sign";
}

/** The words of an action; undefined where there is anything else in it. */
export function tokensOf(text: string): Token[] | undefined {
  const found: Token[] = [];
  const source = text.trim();
  token.lastIndex = 0;
  while (token.lastIndex < source.length) {
    const m = token.exec(source);
    if (!m) return undefined;
    const [, quoted, raw, number, path, word, sign] = m;
    if (quoted !== undefined || raw !== undefined)
      found.push({ text: raw ?? unquoted(quoted ?? ""), kind: "text" });
    else if (number !== undefined) found.push({ text: number, kind: "number" });
    else if (path !== undefined) found.push({ text: path, kind: "path" });
    else if (word !== undefined) found.push({ text: word, kind: "word" });
    else found.push({ text: sign ?? "", kind: "sign" });
  }
  return found;
}

const unquoted = (text: string): string => {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
};

const deepest = 30;

/** Reads a pipeline: `.Values.a | default "x" | quote` is `quote (default "x" .Values.a)`. */
export function expressionOf(tokens: readonly Token[]): Expression {
  const rest = [...tokens];
  const read = pipeline(rest, 0);
  return rest.length === 0 ? read : { e: "unknown" };
}

function pipeline(rest: Token[], depth: number): Expression {
  let value = command(rest, undefined, depth);
  while (isSign(rest[0], "|")) {
    rest.shift();
    value = command(rest, value, depth);
  }
  return value;
}

const isSign = (t: Token | undefined, text: string): boolean => t?.kind === "sign" && t.text === text;

function command(rest: Token[], piped: Expression | undefined, depth: number): Expression {
  const [first] = rest;
  if (!first || depth > deepest) return { e: "unknown" };
  const name = first.kind === "word" && !/^(true|false|nil)$/.test(first.text) ? first.text : undefined;
  if (name !== undefined) rest.shift();
  const args: Expression[] = [];
  while (rest[0] && !isSign(rest[0], "|") && !isSign(rest[0], ")")) args.push(operand(rest, depth));
  if (name !== undefined) return { e: "call", name, args: piped ? [...args, piped] : args };
  const [only, ...more] = args;
  return only && more.length === 0 && !piped ? only : { e: "unknown" };
}

function operand(rest: Token[], depth: number): Expression {
  const t = rest.shift();
  if (!t) return { e: "unknown" };
  switch (t.kind) {
    case "text":
      return { e: "literal", value: t.text };
    case "number":
      return { e: "literal", value: Number(t.text) };
    case "word":
      if (t.text === "nil") return { e: "literal", value: null };
      if (t.text === "true" || t.text === "false") return { e: "literal", value: t.text === "true" };
      return { e: "call", name: t.text, args: [] };
    case "path": {
      const [root = "", ...names] = t.text.split(".");
      return { e: "path", of: undefined, root, names: names.filter((n) => n !== "") };
    }
    case "sign":
      break;
  }
  if (t.text !== "(") return { e: "unknown" };
  const inner = pipeline(rest, depth + 1);
  if (!isSign(rest.shift(), ")")) return { e: "unknown" };
  const [next] = rest;
  if (next?.kind !== "path" || !next.text.startsWith(".") || next.text === ".") return inner;
  // `(x).name`, and no argument of its own: `(x) .name` is so rare that it may be read as the same
  rest.shift();
  return { e: "path", of: inner, root: "", names: next.text.split(".").filter((n) => n !== "") };
}
