/** Reads the bytes of files and decides whether they are text. */
import { isAscii } from "node:buffer";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Problem } from "../../finding.js";
import { reasonOf } from "./walk.js";

/** Larger files are not source anyone edits. */
export const largestFile = 2 * 1024 * 1024;

/** One buffer for every read: files are read one after the other, and their bytes are done with before the next. */
const shared = Buffer.allocUnsafeSlow(largestFile + 1);

/** Bytes in the shared buffer, valid until the next read, and what identifies the version of the file. */
export interface Loaded {
  bytes: Buffer;
  size: number;
  mtimeMs: number;
}

export type Failure = Pick<Problem, "kind" | "message">;

/** Reads a regular file of up to 2 MB. */
export function loadBytes(absolute: string): Loaded | Failure {
  let descriptor: number;
  try {
    descriptor = openSync(absolute, "r");
  } catch (error) {
    return { kind: "unreadable", message: reasonOf(error) };
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return { kind: "unreadable", message: "not a regular file" };
    if (stats.size > largestFile)
      return { kind: "too-large", message: `${stats.size} bytes, more than ${largestFile}` };
    let length = 0;
    for (;;) {
      const count = readSync(descriptor, shared, length, shared.length - length, null);
      length += count;
      if (count === 0 || length >= stats.size || length === shared.length) break;
    }
    if (length > largestFile) return { kind: "too-large", message: `more than ${largestFile} bytes` };
    return { bytes: shared.subarray(0, length), size: stats.size, mtimeMs: stats.mtimeMs };
  } catch (error) {
    return { kind: "unreadable", message: reasonOf(error) };
  } finally {
    closeSync(descriptor);
  }
}

export const binary: Failure = { kind: "binary", message: "has many NUL bytes, so it is no text" };

/** How much of a file decides whether it is text. */
const sampled = 8192;

/** A source may have a NUL in a string; data has at least one in 200 bytes. */
function isBinary(bytes: Buffer): boolean {
  const sample = bytes.length > sampled ? bytes.subarray(0, sampled) : bytes;
  let count = 0;
  for (let at = sample.indexOf(0); at >= 0; at = sample.indexOf(0, at + 1)) count++;
  return count * 200 > sample.length;
}

/** UTF-16 with byte order mark, either byte order. */
function decodeUtf16(bytes: Buffer): string | undefined {
  if (bytes.length < 2) return undefined;
  const mark = bytes.readUInt16BE(0);
  if (mark === 0xfffe) return bytes.toString("utf16le", 2);
  if (mark !== 0xfeff) return undefined;
  const even = bytes.length - (bytes.length % 2);
  return Buffer.from(bytes.subarray(2, even)).swap16().toString("utf16le");
}

function startOfUtf8(bytes: Buffer): number {
  return bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** The text without byte order mark; undefined for binary data. Invalid UTF-8 becomes U+FFFD. */
export function decodeText(bytes: Buffer): string | undefined {
  const wide = decodeUtf16(bytes);
  if (wide !== undefined) return wide;
  if (isBinary(bytes)) return undefined;
  return bytes.toString("utf8", startOfUtf8(bytes));
}

/** Whether the scan text of these bytes is the very text: every byte is a character of ASCII. */
export const isPlain = (bytes: Buffer): boolean => isAscii(bytes);

/**
 * The text one character per byte, which costs no decoding: enough to look for ASCII tokens.
 * `wide` texts (UTF-16) are decoded properly. Undefined for binary data.
 */
export function asScanText(bytes: Buffer): { text: string; latin: boolean } | undefined {
  const wide = decodeUtf16(bytes);
  if (wide !== undefined) return { text: wide, latin: false };
  if (isBinary(bytes)) return undefined;
  return { text: bytes.toString("latin1", startOfUtf8(bytes)), latin: true };
}
