/** Programs whose file has no extension (`bin/www`): no sources of the index, but what they import is. */
import { scanText } from "../scan.js";
import type { EntryContext } from "./context.js";

const nodeLine = /^#!.*\b(?:node|tsx|ts-node|bun|deno)\b/;
const otherLine = /^#!/;

/**
 * Files of the project that such a program imports, in order; empty when it is none.
 */
export function importsOfBareScript(context: EntryContext, path: string): string[] {
  const text = context.manifests.has(path) ? context.manifests.text(path) : undefined;
  if (text === undefined || (otherLine.test(text) && !nodeLine.test(text))) return [];
  const files: string[] = [];
  for (const { specifier, kind } of scanText(text, false, () => false).imports) {
    const file = kind === "type" ? undefined : context.resolver.resolve(path, specifier);
    if (file !== undefined && !files.includes(file)) files.push(file);
  }
  return files;
}
