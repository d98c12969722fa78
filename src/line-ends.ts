/** The line end that most lines of a text have; `\n` when it has none. */
export function prevailingLineEnd(text: string): "\n" | "\r\n" {
  const crlf = text.split("\r\n").length - 1;
  const lf = text.split("\n").length - 1 - crlf;
  return crlf > lf ? "\r\n" : "\n";
}

/** A text to insert, with the line ends of the file that it goes into. */
export function withLineEnds(text: string, lineEnd: "\n" | "\r\n"): string {
  return text.replace(/\r\n|\n/g, lineEnd);
}
