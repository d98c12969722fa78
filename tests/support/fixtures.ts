import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { Finding, FixLevel } from "../../src/finding.js";

/** What a case says about one line of its program; the line is named by a text on it. */
export interface Expectation {
  rule: string;
  /** Relative to the program's folder, with forward slashes. */
  file: string;
  text: string;
  /** Which of the lines that hold the text is meant, counted from 1. */
  nth: number;
  /** Absent where the case does not say whether a repair is offered. */
  fix?: FixLevel;
}

/** A small program with what is to be said about it. */
export interface FixtureCase {
  /** `<rule>/<case>`. */
  name: string;
  rule: string;
  title: string;
  distilledFrom: string;
  kind: "bad" | "lookalike";
  expect: Expectation[];
  /** Absolute path of the case. */
  folder: string;
}

/** Texts by path, relative and with forward slashes. */
export type Tree = Map<string, string>;

const home = path.resolve(import.meta.dirname, "../../fixtures");

/**
 * All cases, sorted by name.
 * @throws Error naming the case whose `case.json` has not the agreed shape
 */
export function loadCases(): FixtureCase[] {
  return foldersIn(home).flatMap((rule) => foldersIn(path.join(home, rule)).map((name) => load(rule, name)));
}

/** The program before its repair. */
export function before(fixture: FixtureCase): Tree {
  return treeOf(path.join(fixture.folder, "before"));
}

/** The program after its repair, whole; undefined when the case does not show one. */
export function after(fixture: FixtureCase): Tree | undefined {
  const folder = path.join(fixture.folder, "after");
  return existsSync(folder) ? new Map([...before(fixture), ...treeOf(folder)]) : undefined;
}

/** A new folder, by its real path, removed after the test. */
export function temporary(): string {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-fixture-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

/** Copies the program before its repair into a folder, and returns that. */
export function unpack(fixture: FixtureCase, root = temporary()): string {
  cpSync(path.join(fixture.folder, "before"), root, { recursive: true });
  return root;
}

/** The same with the files of the repair laid over it; undefined when the case does not show one. */
export function unpackRepaired(fixture: FixtureCase, root?: string): string | undefined {
  const folder = path.join(fixture.folder, "after");
  if (!existsSync(folder)) return undefined;
  const copy = unpack(fixture, root);
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** Every file under a folder. */
export function treeOf(folder: string): Tree {
  const tree: Tree = new Map();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    tree.set(path.relative(folder, file).split(path.sep).join("/"), readFileSync(file, "utf8"));
  }
  return new Map([...tree].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The line an expectation means, counted from 1.
 * @throws Error when the program has no such line
 */
export function lineOf(fixture: FixtureCase, { file, text, nth }: Expectation): number {
  const program = before(fixture).get(file);
  if (program === undefined) throw new Error(`${fixture.name}: there is no before/${file}`);
  const lines = program.split("\n").flatMap((line, i) => (line.includes(text) ? [i + 1] : []));
  const line = lines[nth - 1];
  if (line === undefined)
    throw new Error(`${fixture.name}: before/${file} has no line ${String(nth)} with ${text}`);
  return line;
}

/** What the case expects, as `told` puts it. */
export function expected(fixture: FixtureCase): string[] {
  return told(fixture.expect.map((e) => ({ ...e, line: lineOf(fixture, e) })));
}

/** The part of findings that fixtures compare, one sorted line for each: `<file>:<line> <rule>`. */
export function told(findings: readonly Pick<Finding, "rule" | "file" | "line">[]): string[] {
  return findings.map(({ rule, file, line }) => `${file}:${String(line)} ${rule}`).sort();
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

const known = new Set(["title", "distilledFrom", "kind", "expect", "run"]);

function load(rule: string, folderName: string): FixtureCase {
  const folder = path.join(home, rule, folderName);
  const name = `${rule}/${folderName}`;
  const fail = (what: string): never => {
    throw new Error(`fixtures/${name}: ${what}`);
  };
  const said = JSON.parse(readFileSync(path.join(folder, "case.json"), "utf8")) as Record<string, unknown>;
  for (const key of Object.keys(said)) if (!known.has(key)) fail(`case.json has an unknown key ${key}`);
  const { title, distilledFrom, kind, expect } = said;
  if (typeof title !== "string" || typeof distilledFrom !== "string")
    return fail("title or distilledFrom is missing");
  if (kind !== "bad" && kind !== "lookalike") return fail('kind is neither "bad" nor "lookalike"');
  if (!Array.isArray(expect)) return fail("expect is not a list");
  if ((kind === "bad") !== expect.length > 0) fail("a bad case expects findings, a lookalike expects none");
  if (!existsSync(path.join(folder, "before"))) fail("there is no before/");
  if (kind === "lookalike" && existsSync(path.join(folder, "after"))) fail("a lookalike has no after/");
  return {
    name,
    rule,
    title,
    distilledFrom,
    kind,
    expect: (expect as Partial<Expectation>[]).map((e) => expectation(e, fail)),
    folder,
  };
}

function expectation(said: Partial<Expectation>, fail: (what: string) => never): Expectation {
  const { rule, file, text, nth = 1, fix } = said;
  if (rule === undefined || file === undefined || text === undefined)
    return fail("an expectation has no rule, file or text");
  if (fix !== undefined && fix !== null && fix !== "safe" && fix !== "review")
    fail(`unknown fix level ${String(fix)}`);
  return { rule, file, text, nth, ...(fix === undefined ? {} : { fix }) };
}
