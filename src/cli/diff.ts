import { createTwoFilesPatch } from "diff";
import picocolors from "picocolors";
import { printable } from "../report/printable.js";
import type { PlannedFile } from "./apply/plan.js";
import { encode } from "./apply/source.js";

/**
 * The unified diff of planned files, as `git apply` takes it: byte order marks and line ends are those of the files.
 * With colours it is for reading only, and control characters are made visible.
 */
export function unifiedDiff(files: readonly PlannedFile[], colors: boolean): string {
  return files.map((planned) => (colors ? forReading(patchOf(planned)) : patchOf(planned))).join("");
}

function patchOf({ file, target, after }: PlannedFile): string {
  const patch = createTwoFilesPatch(
    `a/${file}`,
    `b/${file}`,
    target.bytes.toString("utf8"),
    encode(after, target.source).toString("utf8"),
    undefined,
    undefined,
    { context: 3 },
  );
  const shown = patch.slice(patch.indexOf("--- "));
  return target.isNew ? shown.replace(`--- a/${file}`, "--- /dev/null") : shown;
}

function forReading(patch: string): string {
  const paint = picocolors.createColors(true);
  const lines = patch.split("\n").map((raw) => {
    const line = printable(raw.replace(/\r$/, "").replaceAll("\t", "  "));
    if (line.startsWith("--- ") || line.startsWith("+++ ")) return paint.bold(line);
    if (line.startsWith("@@")) return paint.cyan(line);
    if (line.startsWith("-")) return paint.red(line);
    return line.startsWith("+") ? paint.green(line) : line;
  });
  return lines.join("\n");
}
