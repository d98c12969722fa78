import { splitCommands } from "../program/index/entries/shell-words.js";
import type { Span } from "../syntax/ir.js";

/** A command of a script, over several lines where it goes on. */
export interface ScriptLine {
  line: string;
  at: Span;
}

/** The lines of a script, continued ones joined. */
export function linesOf(text: string): ScriptLine[] {
  return [...text.matchAll(/^[ \t]*(?:[^\n\\]|\\[^]|\\$)*/gm)].flatMap((m) => {
    const line = m[0];
    const start = m.index + (line.length - line.trimStart().length);
    return line.trim() === ""
      ? []
      : [{ line: line.replace(/\\\r?\n/g, " "), at: [start, m.index + line.trimEnd().length] as const }];
  });
}

const steering =
  /^\s*(#|if\b|then\b|else\b|elif\b|fi\b|for\b|while\b|done\b|case\b|esac\b|set\b|export\b|echo\b|\w+\s*\(\)|[{}]|$)/;

/** A line that runs no program but steers the script, or one that leaves its program in the background. */
export const isSteering = (line: string): boolean => steering.test(line) || /[^&]&\s*$/.test(line);

/** Something is run by the script itself behind these lines, in no branch of it. */
export const goesOn = (lines: readonly ScriptLine[]): boolean =>
  lines.some(({ line }) => {
    const [first] = splitCommands(line);
    return (
      /^\S/.test(line) &&
      !isSteering(line) &&
      first !== undefined &&
      !/^(exit|return|cd|\w+=.*)$/.test(first[0] ?? "")
    );
  });

const before = /^(?:then|do|else|\{|!|builtin|command)$/;

/** The script waits for its children by itself, or hears signals: it may hand them on. */
export const tellsItsChildren = (lines: readonly string[]): boolean =>
  lines.some((line) =>
    splitCommands(line).some((words) => {
      const first = words.find((word) => !before.test(word));
      return first === "trap" || first === "wait";
    }),
  );
