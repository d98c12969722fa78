/** How much a finding matters: an error loses data for sure, a warning breaks a contract, a note explains. */
export type Level = "error" | "warning" | "note";

/** `safe`: same behaviour but for the lost data. `review`: somebody should read the diff. `null`: nothing is offered. */
export type FixLevel = "safe" | "review" | null;

/** A place in a file. Lines and columns are 1-based; the end column is exclusive. Paths use forward slashes. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** One step of the path that explains a finding: started here, captured here, exits here. */
export interface Reason extends Place {
  message: string;
}

/** The one type between find, fix and report; also the public JSON contract, version 1. */
export interface Finding extends Place {
  rule: string;
  /** The check of the rule that found it, where the rule is made of several. */
  check?: string;
  level: Level;
  endLine: number;
  endColumn: number;
  message: string;
  fix: FixLevel;
  why: Reason[];
  /** Survives moved lines: a hash of rule, file, enclosing function, text and ordinal. */
  fingerprint: string;
}

/** Something that kept a file or a rule from being checked; it never hides the findings of the others. */
export interface Problem {
  kind: "unparsable" | "unreadable" | "too-large" | "binary" | "timeout" | "crash" | "config";
  file: string;
  message: string;
}

/** What one run over a tree found. `files` counts the files looked at, `programs` the entries that start telemetry. */
export interface Analysis {
  findings: Finding[];
  problems: Problem[];
  files: number;
  programs: number;
}

/** A replacement of `[start, end)` (UTF-16 offsets into the file's text, byte order mark excluded) by `text`. */
export interface Edit {
  file: string;
  start: number;
  end: number;
  text: string;
  /** The file is not there yet, and this is the whole of it; `start` and `end` are 0. */
  creates?: true;
}

/** A repair: every edit, in every file, that one finding needs, and how safe it is. */
export interface Repair {
  level: Exclude<FixLevel, null>;
  /** Says in a few words what the repair does, as an editor shows it. */
  title: string;
  edits: Edit[];
}

/** Why a finding has no repair where others of its kind have one, as a sentence without its full stop. */
export interface Refusal {
  refused: string;
}
