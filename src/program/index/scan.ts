/** Finds imports and telling tokens in the text of a file, without parsing it. */
import { anyLinkWord } from "../../knowledge/link-words.js";
import type { FileScan, ImportKind, ImportRef } from "./types.js";
import { starterWords, workersIn } from "./worker-refs.js";

/** Answers whether a module specifier belongs to a telemetry package. */
export type IsTelemetry = (specifier: string) => boolean;

const quoted = /(?:"([^"\n\\]+)"|'([^'\n\\]+)'|`([^`$\n\\]+)`)/.source;
/** Blanks and a few comments of sane length: an unbounded pattern could be made to read the rest of the file at every mention. */
const comment = /\s{0,200}(?:\/\*[^*]{0,400}(?:\*[^*/][^*]{0,400}){0,20}\*\/|\/\/[^\n]{0,400}\n)/.source;
const blanks = `(?:${comment}){0,4}\\s*`;
const mention = new RegExp(
  `\\b(?:from\\s*|import\\s*(?:\\(${blanks})?|require\\s*\\(${blanks})${quoted}`,
  "g",
);

const exitToken =
  /\.exit\b|\bexit\s*[(,}\])]|\bexit\s+as\b|["'`]exit["'`]\s*\]|reallyExit|process\s*\??\.\s*kill\b|\bkill\s*\(\s*process\b|\bquit\s*\(|(?:^|[^.\w$])abort\s*\(/;
const memberAbort = /\.abort\b|["']abort["']\s*\]|[{,]\s*abort\b/;
const generatedMark =
  /@generated\b|\b(?:auto-?\s?)?generated\b[^]{0,200}?\bdo not (?:edit|modify)\b|\bdo not (?:edit|modify)\b[^]{0,200}?\b(?:auto-?\s?)?generated\b/i;

const endingToken =
  /["'`](?:SIG(?:TERM|INT|HUP|QUIT|BREAK|USR2)|exit|beforeExit|uncaughtException(?:Monitor)?|unhandledRejection)["'`]|enableShutdownHooks|\bon(?:ModuleDestroy|ApplicationShutdown)\b|\bbeforeApplicationShutdown\b/;

/** One of these is in every text that ends the process, says what happens then, or starts another one. */
const telling = new RegExp(
  [
    ...["xit", "abort", "kill", "quit\\(", "SIG", "uncaught", "unhandled", "Shutdown", "onModuleDestroy"],
    ...starterWords,
  ].join("|"),
);

/** Plain searches first: they are cheaper. */
function hasExit(text: string): boolean {
  const abort = text.includes("abort");
  if (
    abort ||
    text.includes("exit") ||
    text.includes("kill") ||
    text.includes("quit(") ||
    text.includes("reallyExit")
  ) {
    return exitToken.test(text) || (abort && text.includes("process") && memberAbort.test(text));
  }
  return false;
}

/** Block comments that begin a line (elsewhere the two characters are as likely part of a glob), found on the way through the text. */
class BlockComments {
  private open = -1;
  private close = -1;

  constructor(private readonly text: string) {}

  /** Whether `at` is inside one. Must be asked in ascending order. */
  covers(at: number): boolean {
    while (this.close < at) this.advance();
    return this.open < at;
  }

  private advance(): void {
    let start = this.text.indexOf("/*", Math.max(this.close, 0));
    while (start >= 0 && !isBlank(lineBefore(this.text, start))) start = this.text.indexOf("/*", start + 2);
    const end = start < 0 ? -1 : this.text.indexOf("*/", start + 2);
    this.open = start < 0 ? Infinity : start;
    this.close = end < 0 ? Infinity : end;
  }
}

/** How far back a line is looked at. */
const longestLine = 1000;

function lineBefore(text: string, at: number): string {
  const line = text.slice(Math.max(0, at - longestLine), at);
  return line.slice(line.lastIndexOf("\n") + 1);
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}

const lineComment = /(?:^|[\s;{}(),])\/\//;

/** The text in front of a token on its line says that the token is commented out. */
function isCommentedOut(before: string): boolean {
  const trimmed = before.trimStart();
  return (
    trimmed.startsWith("//") || trimmed.startsWith("*") || (before.includes("//") && lineComment.test(before))
  );
}

/** A statement can begin after this. */
const statementStart = /(?:^|[;{}/])\s*$/;

const clauseShape = /^[\w$\s,{}*"'\u0080-\uffff-]*$/;
const typeClause = /^(?:import|export)\s+type\s+(?!,|$)/;
const namedOnly = /^(?:import|export)\s*\{([^}]*)\}\s*$/;

/** Whether every name between the braces is marked `type`. */
function allNamesAreTypes(clause: string): boolean {
  const names = namedOnly.exec(clause)?.[1];
  if (names === undefined) return false;
  const parts = names.split(",").filter((part) => !isBlank(part));
  return parts.length > 0 && parts.every((part) => /^\s*type\s+\S/.test(part));
}

/**
 * The kind of `... from "x"`, by the clause in front of `from`: undefined when there is no import or export statement.
 * `inside` when it is in a comment that the statement goes on after.
 * `floor` is the end of the mention before: the statement cannot begin earlier.
 */
function kindOfFrom(text: string, from: number, floor: number): ImportKind | "inside" | undefined {
  if (isCommentedOut(lineBefore(text, from))) return "inside";
  const before = text.slice(floor, from);
  let importAt = before.lastIndexOf("import");
  let exportAt = before.lastIndexOf("export");
  for (let tries = 0; tries < 8 && (importAt >= 0 || exportAt >= 0);) {
    const start = Math.max(importAt, exportAt);
    if (start === importAt) importAt = start === 0 ? -1 : before.lastIndexOf("import", start - 1);
    else exportAt = start === 0 ? -1 : before.lastIndexOf("export", start - 1);
    const next = before[start + 6];
    if (next !== undefined && /[\w$]/.test(next)) continue;
    const line = lineBefore(text, floor + start);
    if (!statementStart.test(line)) continue;
    tries++;
    let clause = before.slice(start);
    if (clause.includes("/")) clause = clause.replace(/\/\*[^]*?(?:\*\/|$)|\/\/[^\n]*/g, " ");
    if (!clauseShape.test(clause)) continue;
    if (isCommentedOut(line)) return undefined;
    if (clause.includes("{") && !clause.includes("}")) return "inside";
    if (typeClause.test(clause) || allNamesAreTypes(clause)) return "type";
    return clause.startsWith("import") ? "static" : "reexport";
  }
  return undefined;
}

const promiseMember = /^\s*\)\s*\??\.\s*(?!then\b|catch\b|finally\b)[A-Za-z_$]/;
const endOfArgument = /^(?:\s|\/\*[^]*?\*\/)*[),]/;

/** The kind of `import("x")` or `require("x")`: undefined when the text is not one after all. */
function kindOfCall(
  text: string,
  start: number,
  end: number,
  call: "dynamic" | "require",
): ImportKind | undefined {
  const after = text.slice(end, end + 80);
  if (!endOfArgument.test(after)) return undefined;
  const before = lineBefore(text, start);
  if (isCommentedOut(before)) return undefined;
  if (call === "dynamic" && (/\btypeof\s*$/.test(before) || promiseMember.test(after))) return "type";
  return call;
}

function kindOfMention(
  text: string,
  start: number,
  end: number,
  floor: number,
): ImportKind | "inside" | undefined {
  const letter = text.charCodeAt(start);
  if (letter === 102) return kindOfFrom(text, start, floor);
  if (letter === 114) return kindOfCall(text, start, end, "require");
  if (text[start + 6] === "(" || /^import\s*\(/.test(text.slice(start, start + 20)))
    return kindOfCall(text, start, end, "dynamic");
  const line = lineBefore(text, start);
  return statementStart.test(line) && !isCommentedOut(line) ? "static" : undefined;
}

/** Copies of specifiers: a slice of a text would keep the whole text alive. */
const interned = new Map<string, string>();

function intern(specifier: string, latin: boolean): string {
  const known = interned.get(specifier);
  if (known !== undefined) return known;
  const bytes = Buffer.from(specifier, latin ? "latin1" : "utf8");
  const copy = bytes.toString("utf8");
  interned.set(latin ? bytes.toString("latin1") : copy, copy);
  return copy;
}

/** So many comments within import statements are read over; each costs another look at the statement. */
const mostInside = 200;

function importsIn(text: string, latin: boolean): ImportRef[] {
  const imports: ImportRef[] = [];
  const comments = new BlockComments(text);
  let floor = 0;
  let inside = 0;
  mention.lastIndex = 0;
  for (let match = mention.exec(text); match !== null; match = mention.exec(text)) {
    const start = match.index;
    const end = start + match[0].length;
    const previous = start > 0 ? text.charCodeAt(start - 1) : 0;
    // A member (`x.require(`) or a longer name (`$import`) is none of ours.
    if (previous === 36 || (previous === 46 && text.charCodeAt(start) !== 102)) continue;
    const kind = kindOfMention(text, start, end, floor);
    if (kind === "inside" && inside++ < mostInside) continue;
    // No clause goes on past a module's name, whoever's name it was.
    floor = end;
    if (kind === undefined || kind === "inside" || comments.covers(start)) continue;
    const specifier = intern(match[1] ?? match[2] ?? match[3] ?? "", latin);
    if (!imports.some((known) => known.specifier === specifier && known.kind === kind))
      imports.push({ specifier, kind });
  }
  return imports;
}

function isGenerated(text: string): boolean {
  const head = text.slice(0, 800);
  if (head.includes("enerated") && generatedMark.test(head)) return true;
  if (text.length < 5000) return false;
  const sample = text.slice(0, 20_000);
  let lines = 1;
  for (let at = sample.indexOf("\n"); at >= 0; at = sample.indexOf("\n", at + 1)) lines++;
  return sample.length / lines > 400;
}

const lazyImport = /\bimport\(\s*[A-Za-z_$]/;
const quotedName = /["']((?:@[\w.-]+\/)?[\w./-]+)["']/g;

/** `const load = (name) => import(name); load("x")`: a file that imports what a variable says may mean any module it quotes. */
function namesInLazyImports(text: string, isTelemetry: IsTelemetry): boolean {
  if (!lazyImport.test(text)) return false;
  for (const match of text.matchAll(quotedName)) if (isTelemetry(match[1] ?? "")) return true;
  return false;
}

/**
 * Scans one text.
 * @param text without byte order mark; when `latin`, one character per UTF-8 byte
 */
export function scanText(text: string, latin: boolean, isTelemetry: IsTelemetry): FileScan {
  const imports = importsIn(text, latin);
  // most files have none of the words
  const tells = telling.test(text);
  return {
    imports,
    workers: tells ? workersIn(text, latin) : [],
    telemetry:
      imports.some(({ specifier }) => isTelemetry(specifier)) || namesInLazyImports(text, isTelemetry),
    exits: tells && hasExit(text),
    endings: tells && endingToken.test(text),
    links: anyLinkWord.test(text),
    generated: isGenerated(text),
  };
}

export const emptyScan: FileScan = {
  imports: [],
  workers: [],
  telemetry: false,
  exits: false,
  endings: false,
  links: false,
  generated: false,
};

/** A lookup for telemetry specifiers; a trailing `/*` covers everything below, and the package itself is covered by its bare name. */
export function telemetryLookup(specifiers: readonly string[]): IsTelemetry {
  const exact = new Set<string>();
  const below: string[] = [];
  for (const specifier of specifiers) {
    if (specifier.endsWith("/*")) {
      below.push(specifier.slice(0, -1));
      exact.add(specifier.slice(0, -2));
    } else {
      exact.add(specifier);
    }
  }
  const memo = new Map<string, boolean>();
  return (specifier) => {
    let known = memo.get(specifier);
    if (known === undefined) {
      const plain = specifier.startsWith("npm:") ? withoutNpm(specifier) : specifier;
      known = exact.has(plain) || below.some((prefix) => plain.startsWith(prefix));
      memo.set(specifier, known);
    }
    return known;
  };
}

/** `npm:@sentry/node@^8/sub` -> `@sentry/node/sub`, as Deno writes it. */
export function withoutNpm(specifier: string): string {
  const match = /^npm:\/?((?:@[^/]+\/)?[^/@]+)(?:@[^/]*)?(.*)$/.exec(specifier);
  return match === null ? specifier : `${match[1]}${match[2]}`;
}
