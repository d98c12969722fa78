// 100 MB of numbered lines on stderr, then the largest memory that the parent ever had, in kB.
import { readFileSync, writeSync } from "node:fs";

const block = 1000;
const filler = "x".repeat(90);
for (let first = 0; first < 1_000_000; first += block) {
  let text = "";
  for (let line = first; line < first + block; line++) text += `${String(line).padStart(9, "0")}${filler}\n`;
  for (let left = Buffer.from(text); left.length > 0;) left = left.subarray(writeSync(2, left));
}
const status = readFileSync(`/proc/${process.ppid}/status`, "utf8");
process.stdout.write(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? "");
process.exit(6);
