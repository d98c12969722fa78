import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import type { Closing } from "./closing.js";
import type { Cut } from "./cut.js";
import { joinEnding } from "./helper.js";
import { list } from "../edit/source.js";
import { mergeInto } from "./merge.js";
import { putBehind, spotBehind, type Spot } from "./place.js";
import { SIGNALS, signalListeners, signalsElsewhere } from "./signals.js";
import { statementsOf, type Page } from "./page.js";
import { endingText, freeNames } from "./text.js";

/** What an ending is made for. */
export interface Wanted {
  closing: Closing;
  cut: Cut;
  /** The block in which the names of the closing are known, when they are not the module's own. */
  block: Node;
  /** Offsets behind which the ending has to stand. */
  behind: number[];
}

/**
 * Moves a closing to where the program ends: into the signal listeners that the file has, else into an ending of its own.
 * @returns every edit that takes, the removal included; undefined when there is no sound place
 */
export function moveToEnding(
  page: Page,
  wanted: Wanted,
  project: Project,
  module: Module,
): Edit[] | undefined {
  const { closing, cut } = wanted;
  const home = closing.global ? page.program : wanted.block;
  const joined = joinEnding(page, closing, statementsOf(home) ?? []);
  if (joined) return apart([cut.edit, joined]);
  const listeners = signalListeners(project, module);
  const merged = closing.global
    ? mergeInto(page, listeners, closing, project, module)
    : { edits: [], left: listeners };
  if (merged.edits.length > 0 && merged.left.length === 0) return apart([cut.edit, ...merged.edits]);

  const spot = spotBehind(page, home, wanted.behind);
  const names = freeNames(page.text);
  if (!spot || !names || isServerless(project, page.file)) return undefined;
  const taken = signalsElsewhere(project, page.file);
  for (const { signals } of listeners) for (const signal of signals) taken.add(signal);
  const put = putBehind(page, cut, spot, (indent) =>
    endingText({
      closing,
      source: page,
      indent,
      names,
      form: formOf(spot, closing),
      exported: spot.owner === "program" && canExport(page, module),
      signals: SIGNALS.filter((signal) => !taken.has(signal)),
      timer: module.bindings.some((b) => b.name === "setTimeout") ? "globalThis.setTimeout" : "setTimeout",
    }),
  );
  return put && apart([...put, ...merged.edits]);
}

/** Between two invocations nothing runs, and no signal comes. */
const isServerless = (project: Project, file: string): boolean =>
  project.index.entriesOf(file).some((entry) => entry.reason === "serverless");

const formOf = (spot: Spot, closing: Closing): "function" | "arrow" =>
  spot.owner === "nested" || closing.usesThis ? "arrow" : "function";

/** `export =` allows no other export. */
const canExport = (page: Page, module: Module): boolean =>
  module.esm && !list(page.program, "body").some((s) => s.type === "TSExportAssignment");

/** Edits that touch each other were made for different texts. */
function apart(edits: Edit[]): Edit[] | undefined {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  return sorted.every((e, i) => i === 0 || (sorted[i - 1]?.end ?? 0) <= e.start) ? sorted : undefined;
}
