import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import type { Closing } from "./closing.js";
import type { Cut } from "./cut.js";
import { joinEnding } from "./helper.js";
import { mergeInto } from "./merge.js";
import { putBehind, spotBehind, type Spot } from "./place.js";
import { SIGNALS, signalListeners, signalsElsewhere } from "./signals.js";
import type { Source } from "./source.js";
import { styleOf } from "./style.js";
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
export function moveToEnding(source: Source, wanted: Wanted, project: Project, module: Module): Edit[] | undefined {
  const { closing, cut } = wanted;
  const joined = closing.global ? joinEnding(source, closing) : undefined;
  if (joined) return [cut.edit, joined];
  const style = styleOf(source);
  const listeners = signalListeners(project, module);
  const merged = closing.global ? mergeInto(source, listeners, closing, style, project, module) : { edits: [], left: listeners };
  if (merged.edits.length > 0 && merged.left.length === 0) return apart([cut.edit, ...merged.edits]);

  const spot = spotBehind(source, closing.global ? source.program : wanted.block, wanted.behind);
  const names = freeNames(source.text);
  if (!spot || !names) return undefined;
  const taken = signalsElsewhere(project, source.file);
  for (const { signals } of listeners) for (const signal of signals) taken.add(signal);
  const put = putBehind(source, cut, spot, (indent) =>
    endingText({
      closing,
      style,
      indent,
      names,
      form: formOf(spot, closing),
      exported: spot.owner === "program" && canExport(source, module),
      signals: SIGNALS.filter((signal) => !taken.has(signal)),
      timer: module.bindings.some((b) => b.name === "setTimeout") ? "globalThis.setTimeout" : "setTimeout",
    }),
  );
  return put && apart([...put, ...merged.edits]);
}

const formOf = (spot: Spot, closing: Closing): "function" | "arrow" => (spot.owner === "nested" || closing.usesThis ? "arrow" : "function");

/** `export =` allows no other export. */
const canExport = (source: Source, module: Module): boolean =>
  module.esm && !(source.program.body as Node[]).some((s) => s.type === "TSExportAssignment");

/** Edits that touch each other were made for different texts. */
function apart(edits: Edit[]): Edit[] | undefined {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  return sorted.every((e, i) => i === 0 || (sorted[i - 1]?.end ?? 0) <= e.start) ? sorted : undefined;
}
