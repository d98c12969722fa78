import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import type { Finding, Repair } from "../finding.js";
import { packageSettings, type PackageSettings } from "../package-settings.js";
import type { CheckSettings } from "../read-checks.js";
import { Workspace, type WorkspaceOptions } from "../workspace.js";
import { projectRootOf } from "./root.js";
import type { TelemetrySettings } from "./settings.js";
import { sourceName } from "../syntax/source-names.js";

/** One file as a linter hands it over. */
export interface LintedFile {
  /** As the linter names it; for a block of a document, a name below that document. */
  filename: string;
  /** The file on disk that it comes from. */
  physicalFilename: string;
  cwd: string;
  text: string;
}

/** How much is asked for. */
export interface LintLevel {
  strict: boolean;
  /** Of the rule that asks. */
  checks: CheckSettings;
}

/** The findings of one linted file, with their repairs. */
export interface LintedFindings {
  /** Name of the linted file in the findings. */
  file: string;
  findings: Finding[];
  repair(finding: Finding): Repair | undefined;
}

const namelessInput = "input.tsx";

/** Looking for changes takes at most this share of the time, and happens at most this often. */
const refreshShare = 1 / 20;
const refreshMs = 1000;

interface Opened {
  workspace: Workspace;
  /** `performance.now()` from which on the disk may be looked at again. */
  due: number;
}

const shared = new Map<string, Opened>();

/** Asks the workspace of the file's project; opened on first use and kept for the life of the process. */
export function findingsOf(
  linted: LintedFile,
  settings: TelemetrySettings,
  level: LintLevel,
): LintedFindings | undefined {
  const isOnDisk = isAbsolute(linted.filename) && linted.filename === linted.physicalFilename;
  const path = isOnDisk ? linted.filename : virtualPath(linted);
  if (!sourceName.test(path)) return undefined;
  const root = settings.root
    ? resolve(linted.cwd, settings.root)
    : (projectRootOf(path) ?? folderOf(path, linted.cwd));
  const file = relative(root, path).split(sep).join("/");
  if (file === ".." || file.startsWith("../") || isAbsolute(file)) return undefined;

  const { sdks, checks } = described(root);
  const options: WorkspaceOptions = {
    root,
    strict: level.strict,
    sdks: [...sdks.filter(({ module }) => settings.sdks.every((s) => s.module !== module)), ...settings.sdks],
    checks: mergeChecks(checks, level.checks),
  };
  const workspace = settings.project && isOnDisk ? ofProject(options) : ofFile({ ...options, only: [file] });
  const findings = timed(workspace, () => workspace.analyseFile(file, linted.text));
  return { file, findings, repair: (finding) => workspace.repair(finding) };
}

const manifests = new Map<string, { settings: PackageSettings; due: number }>();

/** What the manifest of the root says; what the linter's own settings say of the same SDK or check wins. */
function described(root: string): PackageSettings {
  const now = performance.now();
  let known = manifests.get(root);
  if (!known || now >= known.due) {
    known = { settings: packageSettings(root), due: now + refreshMs };
    manifests.set(root, known);
  }
  return known.settings;
}

const mergeChecks = (fromManifest: CheckSettings, fromLinter: CheckSettings): CheckSettings => ({
  ...fromManifest,
  ...Object.fromEntries(
    Object.entries(fromLinter).map(([rule, checks]) => [rule, { ...fromManifest[rule], ...checks }]),
  ),
});

/** A block of a document, or text without a name, gets a name that no other file has. */
function virtualPath({ filename, physicalFilename, cwd }: LintedFile): string {
  if (/^<.*>$/.test(filename)) return resolve(cwd, namelessInput);
  return isAbsolute(filename) ? filename : resolve(dirname(physicalFilename), filename);
}

function folderOf(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  return inside.startsWith("..") || isAbsolute(inside) ? dirname(path) : cwd;
}

function ofProject(options: WorkspaceOptions): Workspace {
  const key = JSON.stringify([options.root, options.strict, options.sdks, options.checks]);
  const now = performance.now();
  let opened = shared.get(key);
  if (!opened) {
    opened = { workspace: Workspace.open(options), due: 0 };
    shared.set(key, opened);
  } else if (now >= opened.due) {
    opened.workspace.refresh();
  } else {
    return opened.workspace;
  }
  postpone(opened, performance.now() - now);
  return opened.workspace;
}

/** The next look at the disk comes when what this one cost is a small share of the time since. */
function postpone(opened: Opened, cost: number): void {
  opened.due = Math.max(opened.due, performance.now() + Math.max(refreshMs, cost / refreshShare));
}

/** An analysis that a look at the disk has called for counts as its cost. */
function timed<T>(workspace: Workspace, ask: () => T): T {
  const before = performance.now();
  const answer = ask();
  const cost = performance.now() - before;
  if (cost > refreshMs * refreshShare)
    for (const opened of shared.values()) if (opened.workspace === workspace) postpone(opened, cost);
  return answer;
}

/** Reading one file costs little, so nothing is kept that could grow old. */
function ofFile(options: WorkspaceOptions): Workspace {
  return Workspace.open({ ...options, cacheDir: false });
}
