import { createHash } from "node:crypto";
import { codemods } from "../codemods/index.js";
import { rules as allRules } from "../rules/index.js";
import { repairInTemplates } from "./deployment/helm/repairs.js";
import type { Analysis, Finding, Problem, Repair } from "./finding.js";
import { isBuilt } from "./program/built.js";
import { telemetrySpecifiers, Project } from "./program/project.js";
import { openProject } from "./program/index/project.js";
import type { ProjectIndex } from "./program/index/types.js";
import { writtenAt } from "./program/rendered.js";
import type { Report } from "./program/view.js";
import type { Fn, Span } from "./syntax/ir.js";
import type { CheckSettings } from "./read-checks.js";
import { type SdkSetting, vendorsOf } from "./settings.js";

export interface WorkspaceOptions {
  /** Absolute path of the folder to analyse; every file of a finding is relative to it. */
  root: string;
  strict?: boolean;
  /** Names of the rules to run; all that the level selects by default. */
  rules?: string[];
  /** Checks switched on or off, by the name of their rule and their own. */
  checks?: CheckSettings;
  /** In-house SDKs that no analysis can see (`settings.telemetry.sdks`). */
  sdks?: SdkSetting[];
  /** Where scans are cached; `false` for nowhere. */
  cacheDir?: string | false;
  /** Only these files and folders are read (relative to the root); manifests of their parents still are. */
  only?: string[];
  onProgress?: (done: number, total: number) => void;
}

/** A folder opened for analysis and repair. All hosts (ESLint, oxlint, the CLI) ask through this. */
export class Workspace {
  private project: Project;
  /** Texts that hosts have handed in, for files that the index does not keep. */
  private readonly buffers = new Map<string, string>();
  private reportsNow: Map<Finding, Report> | undefined;
  private repairs = new WeakMap<Finding, Repair>();
  private refusals = new WeakMap<Finding, string>();

  private constructor(
    private readonly options: WorkspaceOptions,
    private readonly index: ProjectIndex,
  ) {
    this.project = this.open();
  }

  /** @throws never for bad input; what could not be read is told by `analyse().problems` */
  static open(options: WorkspaceOptions): Workspace {
    const sdks = options.sdks ?? [];
    const index = openProject(options.root, {
      telemetrySpecifiers: [...telemetrySpecifiers, ...sdks.map((s) => s.module)],
      ...(options.only ? { only: options.only } : {}),
      ...(options.cacheDir === undefined ? {} : { cacheDir: options.cacheDir }),
    });
    return new Workspace(options, index);
  }

  private open(): Project {
    return new Project(this.index, vendorsOf(this.options.sdks ?? []));
  }

  /** All findings under the root, sorted by file, line and column. */
  analyse(): Analysis {
    const findings = [...this.reports().keys()];
    this.index.save();
    return {
      findings,
      problems: this.problems,
      files: this.index.sources.length,
      programs: this.project.runs().length,
    };
  }

  /** Findings of one file whose text may be newer than the disk. */
  analyseFile(file: string, text: string): Finding[] {
    if ((this.index.read(file) ?? this.buffers.get(file)) !== text) {
      this.buffers.set(file, text);
      this.index.overlay(file, text);
      // a declaration file and the like are no sources: nothing was concluded from them
      if (this.index.has(file)) this.forget();
    }
    return [...this.reports().keys()].filter((f) => f.file === file);
  }

  /** What kept files or rules from being checked, so far. */
  get problems(): Problem[] {
    return [...this.index.problems, ...this.project.problems];
  }

  /** Takes in files that changed on disk, and forgets what was concluded from them. */
  refresh(): void {
    if (this.index.refresh()) this.forget();
  }

  private forget(): void {
    this.project = this.open();
    this.reportsNow = undefined;
  }

  /** The repair of a finding that this workspace gave; undefined when none is offered. */
  repair(finding: Finding): Repair | undefined {
    return this.repairs.get(finding);
  }

  /** Why a finding of this workspace has no repair, where its codemod says so. */
  refusal(finding: Finding): string | undefined {
    return this.refusals.get(finding);
  }

  /** Text of a file as analysed, without byte order mark. */
  read(file: string): string | undefined {
    return this.index.read(file);
  }

  private reports(): Map<Finding, Report> {
    if (this.reportsNow) return this.reportsNow;
    const found: [Finding, Report][] = [];
    const how = { strict: this.options.strict ?? false, partial: this.options.only !== undefined };
    for (const rule of allRules) {
      if (
        this.options.rules
          ? !this.options.rules.includes(rule.name)
          : !rule.recommended && !this.options.strict
      )
        continue;
      try {
        const checks = this.options.checks?.[rule.name];
        for (const report of rule.check(this.project, { ...how, ...(checks ? { checks } : {}) }))
          if (!this.isBuilt(report.module.file)) found.push([this.finding(report), report]);
      } catch (error) {
        const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
        this.project.problems.push({ kind: "crash", file: ".", message: `${rule.name}: ${message}` });
      }
    }
    found.sort(([a], [b]) => order(a, b));
    const once = found.filter(([finding], at) => !isSame(finding, found[at - 1]?.[0]));
    fingerprint(once);
    for (const [finding, report] of once) this.offer(finding, report);
    this.reportsNow = new Map(once);
    return this.reportsNow;
  }

  /** The lines of a build's output are nobody's to repair: its source is reported, if it is there. */
  private isBuilt(file: string): boolean {
    return isBuilt(file, this.index.read(file) ?? "");
  }

  /** Works out the repair of a finding; one that crashes is a problem of its own and leaves the finding as it is. */
  private offer(finding: Finding, report: Report): void {
    try {
      const repair = repairInTemplates(report, this.project, (project) =>
        codemods[report.rule]?.(report, project),
      );
      if (!repair) return;
      if ("refused" in repair) {
        this.refusals.set(finding, repair.refused);
        return;
      }
      this.repairs.set(finding, repair);
      finding.fix = repair.level;
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const where = `${String(finding.line)}:${String(finding.column)}`;
      this.project.problems.push({
        kind: "crash",
        file: finding.file,
        message: `repair of ${finding.rule} at ${where}: ${message}`,
      });
    }
  }

  private finding(report: Report): Finding {
    const { file, at } = writtenAt(report.module, report.at);
    const start = this.project.position(file, at[0]);
    const end = this.project.position(file, at[1]);
    return {
      rule: report.rule,
      ...(report.check === undefined ? {} : { check: report.check }),
      level: report.level,
      file,
      ...start,
      endLine: end.line,
      endColumn: end.column,
      message: report.message,
      fix: null,
      why: report.why.map((w) => ({ ...this.place(w.fn, w.at), message: w.message })),
      fingerprint: "",
    };
  }

  private place(fn: Fn, at: Span): { file: string; line: number; column: number } {
    const { file, at: written } = writtenAt(fn.module, at);
    return { file, ...this.project.position(file, written[0]) };
  }
}

const order = (a: Finding, b: Finding): number =>
  a.file < b.file
    ? -1
    : a.file > b.file
      ? 1
      : a.line - b.line || a.column - b.column || a.rule.localeCompare(b.rule);

/** One value of a chart comes to stand in several templates, or is read by itself as well. */
const isSame = (a: Finding, b: Finding | undefined): boolean =>
  b !== undefined &&
  /\.ya?ml$/.test(a.file) &&
  order(a, b) === 0 &&
  a.rule === b.rule &&
  a.check === b.check &&
  a.message === b.message;

/** Hash of rule, file, enclosing function and message, with an ordinal for equal ones: survives moved lines. */
function fingerprint(found: [Finding, Report][]): void {
  const seen = new Map<string, number>();
  for (const [finding, report] of found) {
    const key = [finding.rule, finding.file, functionPath(report.fn), finding.message].join("\0");
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    finding.fingerprint = createHash("sha256")
      .update(`${key}\0${String(ordinal)}`)
      .digest("hex")
      .slice(0, 32);
  }
}

function functionPath(fn: Fn): string {
  const names: string[] = [];
  for (let f: Fn | undefined = fn; f; f = f.parent)
    names.unshift(f.cls?.name ? `${f.cls.name}.${f.name ?? ""}` : (f.name ?? ""));
  return names.join(">");
}
