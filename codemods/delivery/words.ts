import { assignmentOf, splitCommands } from "../../src/program/index/entries/shell-words.js";

/** The words of a line that is one plain command: nothing in it that only a shell understands. */
export function plainWords(line: string): string[] | undefined {
  const commands = splitCommands(line);
  const [words] = commands;
  if (!words || commands.length !== 1 || /[$`*?~<>|&;(){}\\]|\[/.test(line)) return undefined;
  return words;
}

/** Where the last command of a line begins, after its assignments. */
export function lastCommandAt(line: string): number {
  let start = 0;
  let quote: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
    } else if (char === "'" || char === '"') quote = char;
    else if (char === "&" || char === "|" || char === ";") start = at + 1;
  }
  for (;;) {
    const [blanks = ""] = /^\s*/.exec(line.slice(start)) ?? [];
    const word = /^[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|\S*)(?=\s)/.exec(line.slice(start + blanks.length))?.[0];
    if (word === undefined) return start + blanks.length;
    start += blanks.length + word.length;
  }
}

/** `NODE_ENV=x node y` as words that need no shell. */
export function withoutShell(words: readonly string[]): string[] {
  const own = words[0] === "cross-env" ? words.slice(1) : words;
  return assignmentOf(own[0] ?? "") ? ["env", ...own] : [...own];
}

/** An exec form. */
export const execFormOf = (words: readonly string[]): string =>
  `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
