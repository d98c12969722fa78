import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../rules/index.js";
import { commentsIn } from "../src/report/comments.js";
import { silencedBy } from "../src/report/directives.js";
import { openAsHosts } from "./support/open.js";

/** A program shown in a page: one fence marked `bad` or `good`, and the `also` fences behind it. */
interface Example {
  page: string;
  /** Line of the first fence, 1-based. */
  line: number;
  kind: "bad" | "good";
  rule: string | undefined;
  files: Map<string, string>;
}

const home = path.resolve(import.meta.dirname, "..");
const sections = [
  "Why it matters",
  "Reported",
  "Not reported",
  "What it misses",
  "Measured precision",
  "Repairs",
  "Settings",
  "How to suppress",
];

function pagesIn(folder: string): string[] {
  return readdirSync(path.join(home, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => path.posix.join(folder, name.split(path.sep).join("/")))
    .sort();
}

const rulePages = pagesIn("docs/rules");
const rootPages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].filter((page) =>
  existsSync(path.join(home, page)),
);
const pages = [...rootPages, ...pagesIn("docs")];

function textOf(page: string): string {
  return readFileSync(path.join(home, page), "utf8");
}

/** Reads the fences of a page whose info string says `bad`, `good` or `also`. */
function examplesOf(page: string): Example[] {
  const examples: Example[] = [];
  const text = textOf(page);
  const ruleOfPage = rulePages.includes(page) ? path.basename(page, ".md") : undefined;
  for (const fence of text.matchAll(
    /^```(?:[cm]?[jt]sx?|json|ya?ml|gotmpl|dockerfile|sh) (.+)\n([\s\S]*?)^```$/gm,
  )) {
    const [, info = "", code = ""] = fence;
    const line = text.slice(0, fence.index).split("\n").length;
    const file = /\bfile=(\S+)/.exec(info)?.[1];
    const kind = /^(bad|good|also)\b/.exec(info)?.[1];
    if (file === undefined || kind === undefined) {
      throw new Error(`${page}:${String(line)}: a marked fence is "bad", "good" or "also" and has "file="`);
    }
    if (kind === "also") {
      examples.at(-1)?.files.set(file, code);
    } else {
      const rule = /\brule=(\S+)/.exec(info)?.[1] ?? ruleOfPage;
      examples.push({ page, line, kind: kind as "bad" | "good", rule, files: new Map([[file, code]]) });
    }
  }
  return examples;
}

/** What the rules say about a program, comments that suppress honoured: `rule file:line`, sorted. */
function reported(root: string, files: Map<string, string>): string[] {
  for (const [file, code] of files) {
    const target = path.join(root, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  const { findings, problems } = openAsHosts(root).analyse();
  expect(problems).toEqual([]);
  return findings
    .filter(({ rule, file, line, column }) => {
      const code = files.get(file) ?? "";
      return !silencedBy(code, commentsIn(file, code))(rule, line, column);
    })
    .map(({ rule, file, line }) => `${rule} ${file}:${String(line)}`)
    .sort();
}

/** The lines that the page itself marks with `// reported`, or with `# reported` above them where comments have lines of their own. */
function marked({ rule, files }: Example): string[] {
  return [...files]
    .flatMap(([file, code]) =>
      code.split("\n").flatMap((text, i) => {
        // the formatter moves a comment behind an opening brace to the next line
        const above = text.trim() === "// reported" ? i : undefined;
        const line =
          above ?? (text.endsWith("// reported") ? i + 1 : text.trim() === "# reported" ? i + 2 : undefined);
        return line === undefined ? [] : [`${rule ?? ""} ${file}:${String(line)}`];
      }),
    )
    .sort();
}

const examples = pages.flatMap(examplesOf);

describe("programs shown in the documentation", () => {
  let root = "";
  beforeAll(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-docs-")));
  });
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it.each(examples)("$page:$line is $kind", (example) => {
    const folder = path.join(root, `${example.page.replaceAll("/", "_")}-${String(example.line)}`);
    const expected = marked(example);
    if (example.kind === "bad") expect(expected, "a bad example marks its line").not.toEqual([]);
    else expect(expected, "a good example marks nothing").toEqual([]);
    expect(reported(folder, example.files)).toEqual(expected);
  });
});

describe("pages of the rules", () => {
  it("are there for every rule, and for no other", () => {
    const expected = rules.map((rule) => `docs/rules/${rule.name}.md`).sort();
    expect(rulePages).toEqual(expected);
  });

  it.each(rules)("$name says its level and the configs it is in", ({ name, level, recommended }) => {
    const [, said, configs] =
      /\nLevel: (\w+)[^.]*\.\s+In\s+([^.]*)\./.exec(textOf(`docs/rules/${name}.md`)) ?? [];
    expect([said, configs]).toEqual([level, recommended ? "`recommended` and `strict`" : "`strict`"]);
  });

  it.each(rulePages)("%s has its name, its sections and examples of both kinds", (page) => {
    const text = textOf(page);
    const headings = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
    expect(text).toMatch(new RegExp(`^# ${path.basename(page, ".md")}\n`));
    expect(headings.filter((heading) => sections.includes(heading ?? ""))).toEqual(sections);
    const kinds = examplesOf(page).map((example) => example.kind);
    expect(kinds.filter((kind) => kind === "bad").length).toBeGreaterThanOrEqual(2);
    expect(kinds.filter((kind) => kind === "good").length).toBeGreaterThanOrEqual(2);
  });
});

describe("the README", () => {
  const readme = textOf("README.md");

  it("has every rule in its table, with its page and level, in the order in which they run", () => {
    const rows = [...readme.matchAll(/^\| \[`([\w-]+)`\]\((\S+)\) +\| (\w+) +\|/gm)].map((row) =>
      row.slice(1),
    );
    expect(rows).toEqual(rules.map(({ name, level }) => [name, `docs/rules/${name}.md`, level]));
  });

  it("shows oxlint every recommended rule at its level", () => {
    const shown = [...readme.matchAll(/"telemetry\/([\w-]+)": "(\w+)"/g)].map((row) => row.slice(1));
    const recommended = rules.filter((rule) => rule.recommended);
    expect(shown).toEqual(recommended.map(({ name, level }) => [name, level === "error" ? "error" : "warn"]));
  });
});

describe("links between the pages", () => {
  it.each(pages)("%s leads to files that exist", (page) => {
    const targets = [...textOf(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(
      (match) => match[1] ?? "",
    );
    const missing = targets.filter((target) => {
      try {
        realpathSync(path.resolve(home, path.dirname(page), target));
        return false;
      } catch {
        return true;
      }
    });
    expect(missing).toEqual([]);
  });
});
