import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { supervisorIn } from "../../supervisor/forms.js";
import { type Suggestion, suggestionsFor } from "../../supervisor/suggestions.js";
import { surroundingsOf } from "../../supervisor/surroundings.js";
import { unifiedDiff } from "../diff.js";
import { exitCodes } from "../exit-codes.js";
import type { Host } from "../host.js";
import { placeOf, refuseTaken } from "./place.js";

/** Options of `telemetry-fix add supervisor`. */
export interface AddSupervisorOptions {
  language?: "ts" | "js";
  dir?: string;
  write: boolean;
  dryRun: boolean;
}

/**
 * Shows the supervisor and how to start through it as a diff, and writes its file when told to: by `--write`, or by a yes
 * on a terminal. What starts the program is the person's to change. Gives the exit code.
 * @throws CannotRun when the file must not be written
 */
export async function addSupervisor(host: Host, options: AddSupervisorOptions): Promise<number> {
  const root = realpathSync(host.cwd);
  const folder = placeOf(root, options.dir);
  const { file, form, packageFolder } = surroundingsOf(root, folder, options.language);
  refuseTaken(root, file);
  const text = supervisorIn(form);
  const suggestions = suggestionsFor(root, packageFolder, file);
  const isWriting = options.write && !options.dryRun;
  const { colors } = host.stdout;

  if (!isWriting) {
    host.stdout.write(diffOf({ file, before: "", after: text }, colors, true));
    host.stdout.write(suggestions.map((suggestion) => diffOf(suggestion, colors)).join(""));
  }
  const isAgreed =
    isWriting ||
    (!options.dryRun &&
      host.ask !== undefined &&
      (await host.ask(`Write ${file}, and nothing else? [y/N] `)));
  if (!isAgreed) {
    host.stderr.write(`${file} pending: --write writes it, and nothing else\n`);
    return exitCodes.findings;
  }
  mkdirSync(dirname(join(root, file)), { recursive: true });
  // Never over a file that came to be in the meantime.
  writeFileSync(join(root, file), text, { flag: "wx" });
  if (isWriting) {
    host.stdout.write(`wrote ${file}\n`);
    host.stdout.write(suggestions.map((suggestion) => diffOf(suggestion, colors)).join(""));
  }
  host.stderr.write(adviceOn(file, suggestions));
  return exitCodes.clean;
}

function diffOf({ file, before, after }: Suggestion, colors: boolean, isNew = false): string {
  const source = { text: before, bom: false, lineEnd: "\n" } as const;
  const own = { path: file, bytes: Buffer.from(before), source, mode: 0o644, uid: 0, gid: 0 };
  const target = isNew ? { ...own, isNew } : own;
  return unifiedDiff([{ file, target, edits: [], after }], colors);
}

function adviceOn(file: string, suggestions: readonly Suggestion[]): string {
  if (suggestions.length > 0) return "start through it as the diff shows, once it is built or deployed\n";
  return `start through it: node ${file} <program> [arguments], or node ${file} -- <command>; once compiled, its output\n`;
}
