/** What stands for a value that a template does not show; characters that no manifest has (private use). */
export const unknownText = "\uE000";

/** Whether a text has something in it that nobody knows. */
export const isUnknownText = (text: string): boolean => text.includes(unknownText);

/** A line of its own with fields or items that nobody knows. */
export const unknownBlock = "\uE001";

/**
 * Writes what the lines that stand for an unknown block must be for the rest to stay YAML: the only child of a field, more fields
 * beside others, or more items of a list.
 * @param lines of a rendered text, without line ends
 * @returns for each line that is such a block, in order, what stands in its place
 */
export function blocksOf(lines: readonly string[]): string[] {
  return lines.flatMap((line, at) => (line.includes(unknownBlock) ? [blockAt(lines, at)] : []));
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
const isBlank = (line: string): boolean => /^\s*(#.*)?$/.test(line);
const isBlock = (line: string): boolean => line.includes(unknownBlock);

function blockAt(lines: readonly string[], at: number): string {
  const indent = indentOf(lines[at] ?? "");
  const next = lines.slice(at + 1).find((line) => !isBlank(line) && !isBlock(line));
  if (next !== undefined && indentOf(next) === indent) return sibling(next);
  for (let i = at - 1; i >= 0; i--) {
    const line = lines[i] ?? "";
    if (isBlank(line) || isBlock(line) || indentOf(line) > indent) continue;
    if (/^---/.test(line)) break;
    // the dash of an item is part of the indentation of its fields
    const item = /^(\s*- +)\S/.exec(line)?.[1]?.length ?? -1;
    if (indentOf(line) === indent) return sibling(line);
    if (item === indent || !/:\s*(#.*)?$/.test(line)) return fields;
    return lines.some((l, n) => n !== at && n > i && isBlock(l) && indentOf(l) === indent)
      ? fields
      : unknownText;
  }
  return fields;
}

const fields = `${unknownText}: ${unknownText}`;
const sibling = (line: string): string => (/^\s*-(\s|$)/.test(line) ? `- ${unknownText}` : fields);
