import type { CallFacts } from "../../src/knowledge/schema.js";
import type { Source } from "../edit/source.js";

/** A promise of the end of a call that only a callback tells; undefined for calls of another kind, or with a callback. */
export function calling(
  source: Source,
  callee: string,
  { style, callback }: CallFacts,
  given: readonly string[],
): string | undefined {
  if (style !== "callback" || callback === undefined || callback.property !== undefined) return undefined;
  if (given.length > callback.argument) return undefined;
  const padding = Array<string>(callback.argument - given.length).fill("undefined");
  const call = `${callee}(${[...given, ...padding, "resolve"].join(", ")})`;
  const { arrows, semicolon } = source.style;
  return arrows || source.isTypeScript
    ? `new Promise((resolve) => ${call})`
    : `new Promise(function (resolve) { ${call}${semicolon} })`;
}
