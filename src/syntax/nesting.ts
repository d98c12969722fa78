/**
 * Deeper nesting than any person or bundler writes. The parser is native and recursive: some thousand levels overflow its
 * stack, fewer where threads have small ones, and that ends the whole process instead of throwing.
 */
export const deepestNesting = 400;

const quotes = new Set(["'", '"']);
const beforeRegex = /(?:[([{,;=:!&|?+\-*%<>~^}\n]|\b(?:return|typeof|case|in|of|void|delete|await|yield))$/;

/**
 * Whether brackets, template substitutions, type arguments or arrow functions are nested deeper than the parser can bear.
 * Reads characters, not syntax: strings, comments and regular expressions are skipped as well as that allows.
 */
export function isNestedTooDeeply(text: string, limit = deepestNesting): boolean {
  // Each level takes a character, so most files are answered here.
  if (text.length < limit) return false;
  const open: string[] = [];
  /** Prefixes of one expression that nest without a bracket: `a => b => c`, `A<B<C`. */
  let prefixes = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (quotes.has(character)) at = endOfString(text, at, character);
    else if (character === "`") at = endOfTemplate(text, at + 1, open);
    else if (character === "/" && text[at + 1] === "/") at = orEnd(text, text.indexOf("\n", at));
    else if (character === "/" && text[at + 1] === "*") at = orEnd(text, text.indexOf("*/", at + 2) + 1);
    else if (character === "/" && beforeRegex.test(lastToken(text, at))) at = endOfRegex(text, at);
    else if (character === "(" || character === "[" || character === "{") {
      open.push(character);
      if (character === "{") prefixes = 0;
    } else if (character === ")" || character === "]") open.pop();
    else if (character === "}") {
      prefixes = 0;
      if (open.pop() === "`") at = endOfTemplate(text, at + 1, open);
    } else if (character === ";" || character === ",") prefixes = 0;
    else if (character === "<" || (character === "=" && text[at + 1] === ">")) prefixes++;
    if (open.length > limit || prefixes > limit) return true;
  }
  return false;
}

function endOfString(text: string, start: number, quote: string): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at];
    if (character === "\\") at++;
    else if (character === quote || character === "\n") return at;
  }
  return text.length;
}

/** Ends at the closing backtick, or at the brace that opens a substitution, which then counts as a level. */
function endOfTemplate(text: string, start: number, open: string[]): number {
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === "\\") at++;
    else if (character === "`") return at;
    else if (character === "$" && text[at + 1] === "{") {
      open.push("`");
      return at + 1;
    }
  }
  return text.length;
}

function endOfRegex(text: string, start: number): number {
  let inClass = false;
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at];
    if (character === "\\") at++;
    else if (character === "[") inClass = true;
    else if (character === "]") inClass = false;
    else if (character === "\n") return start;
    else if (character === "/" && !inClass) return at;
  }
  return start;
}

function lastToken(text: string, at: number): string {
  let end = at;
  while (end > 0 && (text[end - 1] === " " || text[end - 1] === "\t")) end--;
  return end === 0 ? "\n" : text.slice(Math.max(0, end - 8), end).replace(/^.*[^\w](?=\w+$)/s, "");
}

function orEnd(text: string, found: number): number {
  return found <= 0 ? text.length : found;
}
