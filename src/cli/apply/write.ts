import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Target } from "./target.js";

/**
 * Replaces a file so that a reader, or a crash, meets the old bytes or the new ones and never a part: writes beside it,
 * forces that to disk, renames. Mode and owner are kept.
 * @throws the error of the file system; nothing has changed then
 */
export function writeAtomically(target: Pick<Target, "path" | "mode" | "uid" | "gid">, bytes: Buffer): void {
  const folder = dirname(target.path);
  const name = `.${basename(target.path)}.${randomBytes(6).toString("hex")}.tmp`;
  const temporary = join(folder, name);
  try {
    const handle = openSync(temporary, "wx", 0o600);
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(handle, bytes, written);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    keepOwner(temporary, target);
    chmodSync(temporary, target.mode);
    renameSync(temporary, target.path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Writes a file that is not there yet, with the mode that new files have here.
 * @throws the error of the file system, also when something has taken its name
 */
export function writeNew(target: Pick<Target, "path" | "mode" | "uid" | "gid">, bytes: Buffer): void {
  writeFileSync(target.path, bytes, { flag: "wx", mode: target.mode });
  keepOwner(target.path, target);
}

/** Only a privileged user meets a file of another owner that it may replace. */
function keepOwner(path: string, target: Pick<Target, "uid" | "gid">): void {
  if (process.getuid?.() !== 0) return;
  chownSync(path, target.uid, target.gid);
}
