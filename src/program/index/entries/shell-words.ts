/** Splits a shell command line into simple commands and their words; expansions stay as written. */

/** Simple commands in order, whatever joins them (`&&`, `||`, `;`, `|`, `&`, a new line). */
export function splitCommands(line: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | undefined;
  const endWord = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === "'" || char === '"') {
      const end = closingQuote(line, at);
      const inner = line.slice(at + 1, end);
      word = (word ?? "") + (char === '"' ? inner.replace(/\\(["\\$`])/g, "$1") : inner);
      at = end;
    } else if (char === "\\") {
      at++;
      if (line[at] !== "\n" && at < line.length) word = (word ?? "") + line.charAt(at);
    } else if (
      char === "\n" ||
      char === ";" ||
      char === "|" ||
      char === "&" ||
      char === "(" ||
      char === ")"
    ) {
      endCommand();
    } else if (char === " " || char === "\t" || char === "\r") {
      endWord();
    } else if (char === "#" && word === undefined) {
      const end = line.indexOf("\n", at);
      at = end < 0 ? line.length : end - 1;
    } else {
      word = (word ?? "") + char;
    }
  }
  endCommand();
  return commands;
}

function closingQuote(line: string, open: number): number {
  const quote = line.charAt(open);
  for (let at = open + 1; at < line.length; at++) {
    if (line[at] === "\\" && quote === '"') at++;
    else if (line[at] === quote) return at;
  }
  return line.length;
}

const assignment = /^([A-Za-z_]\w*)=([^]*)$/;

/** A leading `NAME=value`. */
export function assignmentOf(word: string): { name: string; value: string } | undefined {
  const match = assignment.exec(word);
  return match === null ? undefined : { name: match[1] ?? "", value: match[2] ?? "" };
}
