import type { Edit } from "../../../src/finding.js";
import type { Node } from "../../../src/syntax/parse.js";
import type { Source } from "../../edit/source.js";
import type { Awaited, Scene } from "./awaited-once.js";
import { atDepth, freeName } from "../../edit/bodies.js";

/** The wrapper returns the promise, and what it did with the value is done on the side. */
export const watchedBeside = (source: Source, awaited: Awaited, scene: Scene): Edit[] | undefined =>
  rewritten(source, awaited, scene, (name, { block, end }) => {
    const { after, handled, finalized, failed } = scene;
    const seen = after === "" ? "" : `.then((${source.textOf(scene.value)}) => ${block(after)})`;
    const closed = finalized === "" ? "" : `.finally(() => ${block(finalized)})`;
    return [`${name}${seen}.catch((${failed}) => ${block(handled)})${closed}${end}`, `return ${name}${end}`];
  });

/** The SDK transforms its own promise, and a failure is heard of by way of its response, which reads nothing. */
export const watchedByTheSdk = (source: Source, awaited: Awaited, scene: Scene): Edit[] | undefined =>
  rewritten(source, awaited, scene, (name, { block, end }) => {
    const { after, handled, finalized, failed } = scene;
    const value = source.textOf(scene.value);
    const last = `return ${source.textOf(scene.returned)}${end}`;
    const heard = `${name}.asResponse().catch((${failed}) => ${block(handled, finalized)})${end}`;
    return [
      ...(handled === "" && finalized === "" ? [] : [heard]),
      `return ${name}._thenUnwrap((${value}) => ${block(after, finalized, last)})${end}`,
    ];
  });

interface Words {
  /** Statements as a block. */
  block: (...statements: string[]) => string;
  end: string;
}

function rewritten(
  source: Source,
  { wrapper, inner, asked }: Awaited,
  scene: Scene,
  written: (name: string, words: Words) => string[],
): Edit[] | undefined {
  const name = freeName(source, wrapper, "pending");
  const keywords = [...new Set([wrapper, inner])].flatMap((fn) => withoutKeyword(source, fn) ?? []);
  if (name === undefined || keywords.length === 0) return undefined;
  const { semicolon: end, indent: step } = source.style;
  const indent = source.indentAt(scene.start.start);
  const block = (...statements: string[]): string => {
    const lines = statements
      .filter((text) => text !== "")
      .map((text) => `${indent}${step}${atDepth(text, scene.depth, indent + step)}\n`);
    return lines.length > 0 ? `{\n${lines.join("")}${indent}}` : "{}";
  };
  const lines = [
    ...(scene.before === "" ? [] : [atDepth(scene.before, scene.depth, indent)]),
    `const ${name} = ${source.textOf(asked)}${end}`,
    ...written(name, { block, end }),
  ];
  return [...keywords, source.replace(scene.start.start, scene.end, lines.join(`\n${indent}`))];
}

/** Takes the word `async` off, where it is. */
function withoutKeyword(source: Source, fn: Node): Edit | undefined {
  if (fn.async !== true) return undefined;
  const holder = source.parentOf(fn);
  const isMethod =
    holder?.type === "MethodDefinition" || (holder?.type === "Property" && holder.method === true);
  const start = isMethod ? holder.start : fn.start;
  const found = /\basync\s+/.exec(source.text.slice(start, fn.start + 6));
  if (!found) return undefined;
  const at = start + found.index;
  return source.replace(at, at + found[0].length, "");
}
