import picocolors from "picocolors";

/** Our own rule pages as text for a terminal: headings, code and links made readable, comments left out. */
export function renderMarkdown(markdown: string, colors: boolean): string {
  const paint = picocolors.createColors(colors);
  let isCode = false;
  const lines: string[] = [];
  for (const line of markdown.replace(/<!--[\s\S]*?-->\n?/g, "").split("\n")) {
    if (line.startsWith("```")) {
      isCode = !isCode;
    } else if (isCode) {
      lines.push(line === "" ? "" : `    ${paint.cyan(line)}`);
    } else {
      const heading = /^#+\s+(.*)$/.exec(line);
      lines.push(heading ? paint.bold(inline(heading[1] ?? "", (code) => code)) : inline(line, paint.cyan));
    }
  }
  return `${lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim()}\n`;

  function inline(text: string, code: (text: string) => string): string {
    return text
      .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, (_, label: string, target: string) =>
        label === target ? target : `${label} (${target})`,
      )
      .replace(/\*\*([^*]+)\*\*/g, (_, words: string) => paint.bold(words))
      .replace(/`([^`]+)`/g, (_, words: string) => (colors ? code(words) : `\`${words}\``));
  }
}
