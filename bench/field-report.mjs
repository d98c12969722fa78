// The field run as Markdown: a table of the runs, then every finding with its code, ready to be judged.

const row = (cells) => `| ${cells.join(" | ")} |`;

function totals(rows) {
  const count = (outcome) => rows.filter((one) => one.outcome === outcome).length;
  const findings = rows.flatMap((one) => one.findings);
  const rules = [...new Set(findings.map((finding) => finding.rule))].sort();
  const files = rows.reduce((sum, one) => sum + one.files, 0);
  const seconds = rows.reduce((sum, one) => sum + one.wallMs, 0) / 1000;
  const memory = rows.map((one) => (one.peakBytes ?? 0) / 1e6);
  return [
    `${rows.length} repositories, ${files} files, ${seconds.toFixed(1)} s, at most ${Math.max(...memory).toFixed(0)} MB.`,
    `${count("crash")} crashed, ${count("hang")} hung, ${count("trouble")} reported trouble.`,
    `${findings.length} findings: ${rules
      .map((rule) => `${rule} ${findings.filter((finding) => finding.rule === rule).length}`)
      .join(", ")}`,
  ].join("\n");
}

function runTable(rows) {
  const head = [row(["repository", "outcome", "files", "programs", "findings", "s", "MB"])];
  head.push(row(["---", "---", "---:", "---:", "---:", "---:", "---:"]));
  return [
    ...head,
    ...rows.map((one) =>
      row([
        one.name,
        one.outcome,
        one.files,
        one.programs,
        one.findings.length,
        (one.wallMs / 1000).toFixed(2),
        one.peakBytes === undefined ? "?" : (one.peakBytes / 1e6).toFixed(0),
      ]),
    ),
  ].join("\n");
}

function excerpt(finding) {
  const last = finding.endLine ?? finding.line;
  const width = String(last + finding.context.length).length;
  return finding.context
    .map(({ line, text }) => {
      const mark = line >= finding.line && line <= last ? ">" : " ";
      return `${mark} ${String(line).padStart(width)} | ${text}`.trimEnd();
    })
    .join("\n");
}

/** A fence longer than any run of backticks in the text. */
function fenced(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function findingSection(finding, number) {
  const why = finding.why.map(
    (step) => `- ${step.file}:${step.line} ${step.message}: ${fencedInline(step.text)}`,
  );
  return [
    `### ${number}. ${finding.rule} (${finding.level}, fix: ${finding.fix ?? "none"})`,
    `${finding.file}:${finding.line}:${finding.column}`,
    finding.message,
    fenced(excerpt(finding)),
    ...(why.length > 0 ? [why.join("\n")] : []),
    "Judged:",
  ].join("\n\n");
}

function problemLine({ kind, file, message }) {
  return `${kind} ${file}: ${message}`;
}

function fencedInline(text) {
  return text === "" ? "(no text)" : `\`\` ${text} \`\``;
}

/**
 * @param {object[]} rows what bench/field.mjs found in each repository
 * @returns {string} the whole report, ending in a line break
 */
export function markdown(rows) {
  const parts = ["# Field run", totals(rows), runTable(rows)];
  let number = 0;
  for (const one of rows) {
    if (one.findings.length === 0 && one.problems.length === 0 && one.said === "") continue;
    parts.push(`## ${one.name}`);
    if (one.said !== "") parts.push(`Outcome: ${one.outcome} (exit ${one.status})`, fenced(one.said));
    if (one.problems.length > 0) parts.push(fenced(one.problems.map(problemLine).join("\n")));
    parts.push(...one.findings.map((finding) => findingSection(finding, ++number)));
  }
  return `${parts.join("\n\n")}\n`;
}
