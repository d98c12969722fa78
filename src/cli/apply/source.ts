import { prevailingLineEnd } from "../../line-ends.js";

/** The bytes of a source file, read as text that edits can work on. */
export interface Source {
  /** Without the byte order mark. */
  text: string;
  bom: boolean;
  lineEnd: "\n" | "\r\n";
}

const byteOrderMark = "\ufeff";

/**
 * Reads UTF-8 bytes.
 * @returns undefined when the bytes are not UTF-8: such a file could not be written back unharmed
 */
export function decode(bytes: Uint8Array): Source | undefined {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
  if (text.includes("\0")) return undefined;
  const bom = text.startsWith(byteOrderMark);
  if (bom) text = text.slice(1);
  return { text, bom, lineEnd: prevailingLineEnd(text) };
}

/** The bytes of a text in the form of the file that it comes from. */
export function encode(text: string, source: Pick<Source, "bom">): Buffer {
  return Buffer.from((source.bom ? byteOrderMark : "") + text, "utf8");
}
