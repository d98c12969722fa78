import type { Edit, Finding, Repair } from "../../finding.js";
import { prevailingLineEnd, withLineEnds } from "../../line-ends.js";
import type { Analyser } from "../analyser.js";
import { applyEdits, areBroken, collide, isSameEdit } from "./edits.js";
import { faultsOf } from "./syntax.js";
import { inspectPlace, inspectTarget, type Target } from "./target.js";

/** A finding with the repair that is to be applied. */
export interface Offer {
  finding: Finding;
  repair: Repair;
}

/** A finding whose repair was left out, and why, as a sentence. */
export interface Skipped {
  finding: Finding;
  reason: string;
}

/** A file with all edits that it gets. */
export interface PlannedFile {
  file: string;
  target: Target;
  edits: Edit[];
  /** The new text, byte order mark excluded. */
  after: string;
}

/** What applying a list of repairs would do. */
export interface Plan {
  files: PlannedFile[];
  accepted: Offer[];
  skipped: Skipped[];
}

/**
 * Fits repairs together, first come first served. A repair is taken whole or not at all: when one of its files must not
 * be written, has changed since it was analysed, would no longer parse, or when it touches an earlier repair.
 * @param root real path of the root
 * @param refuse further files to leave alone, with the reason
 */
export function planRepairs(
  root: string,
  analyser: Pick<Analyser, "read">,
  offers: readonly Offer[],
  refuse: ReadonlyMap<string, string> = new Map(),
): Plan {
  const files = new Map<string, PlannedFile | string>();
  const open = (file: string, from: string | undefined): PlannedFile | string => {
    let known = files.get(file);
    if (known === undefined) {
      known = openFile(root, analyser, file, refuse, from);
      files.set(file, known);
    }
    return known;
  };

  const accepted: Offer[] = [];
  const skipped: Skipped[] = [];
  for (const offer of offers) {
    const reason = take(offer, open);
    if (reason === undefined) accepted.push(offer);
    else skipped.push({ finding: offer.finding, reason });
  }
  const changed = [...files.values()].filter((file) => typeof file !== "string" && file.edits.length > 0);
  return { files: changed as PlannedFile[], accepted, skipped };
}

/** @param from for a file that is not there yet, the one that it is made from */
function openFile(
  root: string,
  analyser: Pick<Analyser, "read">,
  file: string,
  refuse: ReadonlyMap<string, string>,
  from: string | undefined,
): PlannedFile | string {
  const refused = refuse.get(file);
  if (refused !== undefined) return `${file} ${refused}`;
  const target =
    from === undefined
      ? inspectTarget(root, file)
      : inspectPlace(root, file, prevailingLineEnd(analyser.read(from) ?? ""));
  if ("refused" in target) return `${file} ${target.refused}`;
  if (!target.isNew && analyser.read(file) !== target.source.text)
    return `${file} has changed since it was analysed`;
  return { file, target, edits: [], after: target.source.text };
}

/** Adds the edits of a repair to its files, or says why not and leaves them as they were. */
function take(
  offer: Offer,
  open: (file: string, from: string | undefined) => PlannedFile | string,
): string | undefined {
  const changes: { planned: PlannedFile; edits: Edit[]; after: string }[] = [];
  for (const file of new Set(offer.repair.edits.map((edit) => edit.file))) {
    const isNew = offer.repair.edits.some((edit) => edit.file === file && edit.creates);
    const planned = open(file, isNew ? offer.finding.file : undefined);
    if (typeof planned === "string") return planned;
    const { text, lineEnd } = planned.target.source;
    const wanted = offer.repair.edits
      .filter((edit) => edit.file === file)
      .map((edit) => ({ ...edit, text: withLineEnds(edit.text, lineEnd) }));
    if (areBroken(wanted, text.length)) return `the repair is malformed: its edits of ${file} overlap`;
    const fresh = wanted.filter((edit) => !planned.edits.some((other) => isSameEdit(edit, other)));
    if (fresh.some((edit) => planned.edits.some((other) => collide(edit, other)))) {
      return `it touches the same code of ${file} as an earlier repair: run again after that one`;
    }
    const edits = [...planned.edits, ...fresh];
    const after = applyEdits(text, edits);
    const faults = faultsOf(file, after);
    if (faults.length > faultsOf(file, planned.after).length) {
      return `${file} would no longer parse: ${faults[0] ?? ""}`;
    }
    changes.push({ planned, edits, after });
  }
  for (const { planned, edits, after } of changes) Object.assign(planned, { edits, after });
  return undefined;
}
