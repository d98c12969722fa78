import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import type { Source } from "../edit/source.js";

/** From the comments right above a statement to the one behind it; those at the head of a file belong to the file. */
export function withComments(source: Source, node: Node): [number, number] {
  const { text } = source;
  let start = node.start;
  if (source.isFirstOnLine(start))
    for (let line = source.lineStart(start); line > 0;) {
      const above = source.lineStart(line - 1);
      const trimmed = text.slice(above, line).trim();
      if (!/^(?:\/\/|\/\*|\*)/.test(trimmed)) break;
      if (above === 0 && isHead(text.slice(0, node.start))) start = node.start;
      else start = above + (/^[ \t]*/.exec(text.slice(above))?.[0].length ?? 0);
      line = above;
    }
  const trailing = /^[ \t]*\/\/[^\r\n]*/.exec(text.slice(node.end));
  return [start, node.end + (trailing?.[0].length ?? 0)];
}

/** Comments that speak of a file, or to the tools that read it, and not of its first statement. */
const isHead = (comments: string): boolean =>
  /^(?:[^\n]*\n){4}|copyright|licen[cs]e|eslint-(?:disable|enable|env)\b(?!-next)|@ts-(?:no)?check|@flow|^\/\/ *[\w./@-]+\.[cm]?[jt]sx?\s/i.test(
    comments,
  );

/** Takes pieces of a file away with their lines, and no more than one blank line stays where they stood. */
export function cutOut(source: Source, pieces: readonly (readonly [number, number])[]): Edit[] {
  const { text } = source;
  const whole = pieces
    .map(([start, end]): [number, number] => {
      const rest = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(end));
      return source.isFirstOnLine(start) && rest
        ? [source.lineStart(start), end + rest[0].length]
        : [start, end];
    })
    .sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const piece of whole) {
    const last = merged.at(-1);
    if (last && text.slice(last[1], piece[0]).trim() === "") last[1] = Math.max(last[1], piece[1]);
    else merged.push([...piece]);
  }
  return merged.map(([start, end]) => {
    const blank = /^(?:[ \t]*\r?\n)+/.exec(text.slice(end))?.[0].length ?? 0;
    const before = text.slice(0, start);
    const isOpen = before.trim() === "" || /\n[ \t]*\r?\n$/.test(before) || /[{([]\s*$/.test(before);
    if (blank > 0 && isOpen) return source.replace(start, end + blank, "");
    const isClosing = /^[ \t]*[})\]]/.test(text.slice(end)) || text.slice(end).trim() === "";
    const gap = isClosing ? (/\n((?:[ \t]*\r?\n)+)$/.exec(before)?.[1]?.length ?? 0) : 0;
    // one of the blank lines that stood between what is taken
    const isSpaced = !isOpen && !isClosing && blank === 0 && hasGap(whole, text, start, end);
    return source.replace(start - gap, end, isSpaced ? "\n" : "");
  });
}

/** A blank line stands between two of the pieces. */
function hasGap(
  pieces: readonly (readonly [number, number])[],
  text: string,
  from: number,
  to: number,
): boolean {
  const own = pieces.filter(([start, end]) => from <= start && end <= to);
  return own.some(([, end], i) => {
    const next = own[i + 1];
    return next !== undefined && /^[ \t]*\r?\n/.test(text.slice(end, next[0]));
  });
}
