/**
 * Text of a stranger's repository (file names, quoted code) with its control characters made visible, so that a report
 * can neither forge lines nor send escape sequences to the terminal.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return " ";
    return `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`;
  });
}
