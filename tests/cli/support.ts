import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Analyser, OpenAnalyser } from "../../src/cli/analyser.js";
import type { Host, Output } from "../../src/cli/host.js";
import { main } from "../../src/cli/main.js";
import type { Edit, Finding, FixLevel, Problem } from "../../src/finding.js";
import { lineStarts, positionOf } from "../../src/syntax/parse.js";

/** A folder with these files, removed after the test. */
export function project(files: Record<string, string | Buffer>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "telemetry-fix-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  return root;
}

/** The same with everything committed. */
export function committed(files: Record<string, string | Buffer>): string {
  const root = project(files);
  git(root, "init", "-q");
  git(root, "add", ".");
  git(root, "-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "-qm", "start");
  return root;
}

export function git(root: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: root, encoding: "utf8" });
}

export function read(root: string, file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** Names in a folder, to see that nothing was left behind. */
export function names(root: string, folder = "."): string[] {
  return readdirSync(join(root, folder)).sort();
}

interface Word {
  fix: FixLevel;
  level?: Finding["level"];
  edits(file: string, text: string, start: number, end: number): Edit[];
}

const replaceBy =
  (replacement: string): Word["edits"] =>
  (file, _text, start, end) => [{ file, start, end, text: replacement }];

/** Words that the fake analysis takes for findings, and what their repair does. */
const words: Record<string, Word> = {
  LOSS: { fix: "safe", edits: replaceBy("SAVED") },
  WARNING: { fix: null, level: "warning", edits: () => [] },
  REVIEW: { fix: "review", edits: replaceBy("SAVED") },
  REFUSED: { fix: null, edits: () => [] },
  UNREPAIRED: { fix: null, edits: () => [] },
  STUBBORN: { fix: "safe", edits: replaceBy("STUBBORN, 1") },
  BREAKING: { fix: "safe", edits: replaceBy(")(") },
  LINES: { fix: "safe", edits: replaceBy("one(),\n  two()") },
  WHOLE: { fix: "safe", edits: (file, text) => [{ file, start: 0, end: text.length, text: "SAVED;\n" }] },
  SPANNING: {
    fix: "safe",
    edits: (file, _text, start, end) => [
      { file, start, end, text: "SAVED" },
      { file: "other.ts", start: 0, end: 0, text: "export const other = 1;\n" },
    ],
  },
  RELAPSE: {
    fix: "safe",
    edits: (file, _text, start, end) => [
      { file, start, end, text: "SAVED" },
      { file: "other.ts", start: 0, end: 0, text: "UNREPAIRED;\n" },
    ],
  },
  MAKING: {
    fix: "safe",
    edits: (file, _text, start, end) => [
      { file: "made.ts", start: 0, end: 0, text: "one();\ntwo();\n", creates: true },
      { file, start, end, text: "SAVED" },
    ],
  },
  MAKING_WORSE: {
    fix: "safe",
    edits: (file, _text, start, end) => [
      { file: "made.ts", start: 0, end: 0, text: "UNREPAIRED;\n", creates: true },
      { file, start, end, text: "SAVED" },
    ],
  },
  ESCAPING: { fix: "safe", edits: () => [{ file: "../outside.ts", start: 0, end: 0, text: "x" }] },
  THROWING: {
    fix: "safe",
    edits: () => {
      throw new Error("codemod bug");
    },
  },
};

/** An analysis that finds words, so that the command line is tested by itself. */
class WordAnalyser implements Analyser {
  readonly #texts = new Map<string, string>();

  constructor(root: string) {
    const entries = readdirSync(root, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      const file = path.slice(root.length + 1).replaceAll("\\", "/");
      if (entry.isFile() && /\.[jt]s$/.test(file) && !file.startsWith(".git/")) {
        this.#texts.set(file, readFileSync(path, "utf8").replace(/^\ufeff/, ""));
      }
    }
  }

  analyse() {
    const findings = [...this.#texts].flatMap(([file, text]) => findingsOf(file, text));
    const problems: Problem[] = [];
    for (const [file, text] of this.#texts) {
      if (text.includes("BOOM")) problems.push({ kind: "crash", file, message: "a rule crashed" });
      if (text.includes("<<<<")) problems.push({ kind: "unparsable", file, message: "Unexpected token" });
    }
    findings.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
    return { findings, problems, files: this.#texts.size, programs: 1 };
  }

  repair(finding: Finding) {
    const text = this.#texts.get(finding.file) ?? "";
    const word = words[finding.message.split(" ")[0] ?? ""];
    if (!word?.fix) return undefined;
    const start = (lineStarts(text)[finding.line - 1] ?? 0) + finding.column - 1;
    const end = (lineStarts(text)[finding.endLine - 1] ?? 0) + finding.endColumn - 1;
    return { level: word.fix, title: "save it", edits: word.edits(finding.file, text, start, end) };
  }

  refusal(finding: Finding) {
    return finding.message.startsWith("REFUSED ") ? "the start needs an answer" : undefined;
  }

  read(file: string) {
    return this.#texts.get(file);
  }
}

function findingsOf(file: string, text: string): Finding[] {
  const starts = lineStarts(text);
  return [...text.matchAll(/\b[A-Z_]{4,}\b/g)].flatMap((match) => {
    const word = words[match[0]];
    if (!word) return [];
    const from = positionOf(starts, match.index);
    const to = positionOf(starts, match.index + match[0].length);
    return {
      rule: "no-exit-before-flush",
      level: word.level ?? "error",
      file,
      ...from,
      endLine: to.line,
      endColumn: to.column,
      message: `${match[0]} loses spans`,
      fix: word.fix,
      why: [{ file, line: 1, column: 1, message: "OpenTelemetry is started here" }],
      fingerprint: `${match[0]}-${file}`,
    };
  });
}

/** What one run of the command line gave. */
export interface Run {
  exitCode: number;
  stdout: string;
  stderr: string;
  questions: string[];
}

/** What a test may set about the surroundings of a run. */
export interface Surroundings {
  answer?: boolean;
  isTerminal?: boolean;
  openAnalyser?: OpenAnalyser;
}

export const openWords: OpenAnalyser = ({ root }) => new WordAnalyser(root);

/** Runs the command line in a folder, in this process. */
export async function run(root: string, args: string[], surroundings: Surroundings = {}): Promise<Run> {
  const result: Run = { exitCode: 0, stdout: "", stderr: "", questions: [] };
  const output = (name: "stdout" | "stderr"): Output => ({
    write: (text) => void (result[name] += text),
    isTerminal: surroundings.isTerminal ?? false,
    colors: false,
  });
  const host: Host = {
    cwd: root,
    stdout: output("stdout"),
    stderr: output("stderr"),
    ask:
      surroundings.answer === undefined
        ? undefined
        : (question) => {
            result.questions.push(question);
            return Promise.resolve(surroundings.answer ?? false);
          },
    openAnalyser: surroundings.openAnalyser ?? openWords,
  };
  result.exitCode = await main(args, host);
  return result;
}
