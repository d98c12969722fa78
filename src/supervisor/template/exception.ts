/** The part of the supervisor that finds the error in what was printed, and calls the whole. */
export const exception = String.raw`// What follows finds the error that Node, or the program itself, printed last.

interface Exception {
  type?: string | undefined;
  message: string;
  stacktrace?: string;
}

const errorName = /(?:^|[\s[(])(?=[\w$.]*(?:Error|Exception)(?:: | \[|$))/;
const errorHead = /^(FATAL ERROR|[A-Za-z_$][\w$.]*)(?: \[[\w-]+\])?(?:: |$)/;

function exceptionIn(text: string): Exception | undefined {
  const lines = text.split("\n");
  const fatal = lines.findIndex((line) => line.startsWith("FATAL ERROR: "));
  if (fatal >= 0) return exceptionOf(lines.slice(fatal));
  return uncaught(lines) ?? logged(lines);
}

// Node prints the line with a caret below it, the error, and its own version.
function uncaught(lines: string[]): Exception | undefined {
  if (!lines[lines.length - 1]?.startsWith("Node.js v")) return undefined;
  let start = lines.length;
  while (start > 0 && !/^\s*\^+$/.test(lines[start - 1] ?? "")) start -= 1;
  if (start === 0) return undefined;
  const printed = lines.slice(start, -1);
  return exceptionOf(printed.filter((line) => !line.startsWith("(Use ")));
}

// An error with its frames, and little behind it. Those of its causes are
// indented further.
function logged(lines: string[]): Exception | undefined {
  let end = lines.length;
  while (end > 0 && !isFrame(lines[end - 1])) end -= 1;
  let start = end;
  while (start > 0 && isFrame(lines[start - 1])) start -= 1;
  for (let at = start - 1; at >= 0 && at >= start - 20; at -= 1) {
    const line = lines[at] ?? "";
    const name = errorName.exec(line);
    if (isFrame(line)) return undefined;
    if (name === null) continue;
    while (/^(?:\s|\}|$)/.test(lines[end] ?? "-")) end += 1;
    if (lines.length - end > 8) return undefined;
    const head = line.slice(name.index + name[0].length);
    return exceptionOf([head, ...lines.slice(at + 1, end)]);
  }
  return undefined;
}

function isFrame(line = ""): boolean {
  return /^ {4}at /.test(line);
}

function exceptionOf(lines: string[]): Exception {
  const text = lines.join("\n").trim();
  const end = text.search(/\n(?: +at |-+ Native stack trace)/);
  const head = end < 0 ? text : text.slice(0, end);
  const name = errorHead.exec(head);
  if (end < 0 || name === null) return { message: head };
  const message = head.slice(name[0].length);
  return { type: name[1], message, stacktrace: text };
}

main().catch(async (error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  await written();
  process.exitCode = 126;
});
`;
