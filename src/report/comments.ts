import { parse, type Comment } from "../syntax/parse.js";
import { sourceName } from "../syntax/source-names.js";

/** A comment of a Dockerfile, a shell script or YAML that has its line to itself, or stands behind a value. */
const hash = /(?:^|(?<=\s))#(.*)$/gm;

/**
 * The comments of a file: of a program, or of a manifest that writes them with `#`. JSON has none.
 * @throws SyntaxProblem when a program cannot be read
 */
export function commentsIn(file: string, text: string): readonly Comment[] {
  if (sourceName.test(file)) return parse(file, text).comments;
  if (file.endsWith(".json")) return [];
  return [...text.matchAll(hash)].map((match) => ({
    type: "Line" as const,
    value: match[1] ?? "",
    start: match.index,
    end: match.index + match[0].length,
  }));
}
