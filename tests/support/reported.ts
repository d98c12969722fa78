import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { repairNoFloatingFlush } from "../../codemods/no-floating-flush.js";
import { repairRequireShutdownDeadline } from "../../codemods/require-shutdown-deadline.js";
import { applyEdits } from "../../src/cli/apply/edits.js";
import { faultsOf } from "../../src/cli/apply/syntax.js";
import type { Repair } from "../../src/finding.js";
import type { Hit } from "../../src/flow/world.js";
import type { FloatingFlush, UnboundedShutdown } from "../../src/program/details.js";
import { endingsOf, type Ending } from "../../src/program/endings.js";
import { openProject } from "../../src/program/index/project.js";
import { Project, telemetrySpecifiers } from "../../src/program/project.js";
import type { RunReport } from "../../src/program/view.js";
import type { Call, Fn, Module } from "../../src/syntax/ir.js";

type Shaped = FloatingFlush | UnboundedShutdown;

/** A report as a rule would make it. */
export interface Reported {
  /** Where the programs are written. */
  home: string;
  files: Record<string, string>;
  /** The file of the report; the first one by default. */
  file?: string;
  kind: Shaped["kind"];
  shape: Shaped["shape"];
  /** The text of the reported call, from its start. */
  at: string;
  /** The text of the SDK's call where that is another. */
  flush?: string;
  /** The ending in which it stands: the name of a hook, or the start of the call that registers listeners. */
  ending?: string;
}

/** What a repair makes of a program. */
export interface Made {
  level: Repair["level"] | null;
  title: string;
  files: Record<string, string>;
  /** Absolute paths of the program before and after. */
  before: string;
  after: string;
}

const CODEMODS = {
  "floating-flush": repairNoFloatingFlush,
  "unbounded-shutdown": repairRequireShutdownDeadline,
};

/** Works out the repair of a report and applies it to a copy of the program. @throws Error when the result is no program */
export function made(reported: Reported): Made {
  const files = {
    "package.json": '{ "name": "app", "type": "module", "main": "main.js" }',
    ...reported.files,
  };
  const before = written(reported.home, files);
  const project = new Project(
    openProject(before, { telemetrySpecifiers: [...telemetrySpecifiers], cacheDir: false }),
  );
  const runs = project.runs();
  const file = reported.file ?? Object.keys(reported.files)[0] ?? "";
  const module = project.module(file);
  if (!module) throw new Error(`${file} is not there`);
  const { call, fn } = callIn(project, module, reported.at);
  const flush = callIn(project, module, reported.flush ?? reported.at);
  const hit = runs.flatMap((r) => r.hits).find((h) => h.call === flush.call) ?? hitOf(project, flush);
  const details = {
    kind: reported.kind,
    shape: reported.shape,
    flush: hit,
    ending: reported.ending === undefined ? undefined : endingOf(project, module, reported.ending),
  } as Shaped;
  const report: RunReport = {
    rule: reported.kind,
    level: "error",
    module,
    at: call.at,
    fn,
    message: "",
    why: [],
    call,
    hit,
    details,
  };
  const repair = CODEMODS[reported.kind](report, project);
  const texts = { ...files };
  for (const name of new Set(repair?.edits.map((e) => e.file))) {
    const text = applyEdits(
      files[name as keyof typeof files],
      repair?.edits.filter((e) => e.file === name) ?? [],
    );
    const faults = faultsOf(name, text);
    if (faults.length > 0) throw new Error(`${name} no longer parses: ${faults.join("; ")}\n${text}`);
    texts[name as keyof typeof texts] = text;
  }
  return {
    level: repair?.level ?? null,
    title: repair?.title ?? "",
    files: texts,
    before,
    after: written(reported.home, texts),
  };
}

/** A new folder for programs. */
export const newHome = (): string =>
  realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-reported-")));

function written(home: string, files: Record<string, string>): string {
  const root = mkdtempSync(path.join(home, "p"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

function callIn(project: Project, module: Module, start: string): { call: Call; fn: Fn } {
  const text = project.index.read(module.file) ?? "";
  const found = module.calls.filter((c) => text.slice(...c.call.at).startsWith(start));
  const [first] = found.sort((a, b) => a.call.at[1] - a.call.at[0] - (b.call.at[1] - b.call.at[0]));
  if (!first) throw new Error(`${module.file} has no call ${start}`);
  return first;
}

function hitOf(project: Project, { call, fn }: { call: Call; fn: Fn }): Hit {
  const [value] = project.values.callee(call.callee, fn.module);
  return {
    kind: "flush",
    at: call.at,
    call,
    fn,
    states: 0,
    stack: [],
    ...(value ? { value } : {}),
    ...(value?.v === "member" ? { vendor: value.member.cls.vendor, facts: value.member.facts } : {}),
    guards: 0,
    loop: undefined,
    inTimer: false,
  };
}

function endingOf(project: Project, module: Module, name: string): Ending {
  const text = project.index.read(module.file) ?? "";
  const found = project
    .runs()
    .flatMap((run) => endingsOf(run, project))
    .find((e) => (e.call ? text.startsWith(name, e.call.at[0]) : e.fn.name === name));
  if (!found) throw new Error(`${module.file} has no ending ${name}`);
  return found;
}
