/** Reads JSON and JSON with comments; half-written files give what can be told, and a problem. */
import { createRequire } from "node:module";
import type * as JsoncParser from "jsonc-parser";

const require = createRequire(import.meta.url);

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Only the values of the object that are strings. */
export function stringsOf(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((item): item is [string, string] => typeof item[1] === "string"),
  );
}

/**
 * Parses an object.
 * @param report is told once what is wrong, with the 1-based line
 */
export function parseObject(text: string, report: (message: string) => void): JsonObject | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = parseTolerantly(text, report);
  }
  if (isObject(value)) return value;
  if (value !== undefined) report("is no JSON object");
  return undefined;
}

function parseTolerantly(text: string, report: (message: string) => void): unknown {
  // Most manifests are plain JSON: the parser is loaded only for those that are not.
  const jsonc = require("jsonc-parser") as typeof JsoncParser;
  const errors: JsoncParser.ParseError[] = [];
  let value: unknown;
  try {
    value = jsonc.parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  } catch {
    // Brackets nested deeper than the parser's stack.
    report("is nested too deeply");
    return undefined;
  }
  const first = errors[0];
  if (first !== undefined) {
    const line = text.slice(0, first.offset).split("\n").length;
    report(`${jsonc.printParseErrorCode(first.error)} at line ${line}`);
  }
  return value;
}
