import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, list, type Source } from "../edit/source.js";
import type { Awaited, Scene } from "./awaited-once.js";
import { atDepth, freeName } from "./bodies.js";

/** The wrapper returns the promise, and what it did with the value is done on the side. */
export const watchedBeside = (source: Source, awaited: Awaited, scene: Scene): Edit[] | undefined =>
  rewritten(source, awaited, scene, (name, { block, end, failed, handled, finalized, after, value }) => [
    `${name}${after.length > 0 ? `.then((${value}) => ${block(after)})` : ""}.catch((${failed}) => ${block(handled)})` +
      `${finalized.length > 0 ? `.finally(() => ${block(finalized)})` : ""}${end}`,
    `return ${name}${end}`,
  ]);

/** The SDK transforms its own promise, and a failure is heard of by way of its response, which reads nothing. */
export const watchedByTheSdk = (source: Source, awaited: Awaited, scene: Scene): Edit[] | undefined =>
  rewritten(
    source,
    awaited,
    scene,
    (name, { block, end, failed, handled, finalized, after, value, last }) => {
      const fails = [...handled, ...finalized];
      return [
        ...(fails.length > 0 ? [`${name}.asResponse().catch((${failed}) => ${block(fails)})${end}`] : []),
        `return ${name}._thenUnwrap((${value}) => ${block([...after, ...finalized], last)})${end}`,
      ];
    },
  );

interface Words {
  /** Statements as a block, with a last one that is written out. */
  block: (statements: Node[], last?: string) => string;
  end: string;
  value: string;
  /** What the failure is called, where somebody asks for it. */
  failed: string;
  after: Node[];
  handled: Node[];
  finalized: Node[];
  last: string;
}

function rewritten(
  source: Source,
  { wrapper, inner, asked }: Awaited,
  scene: Scene,
  written: (name: string, words: Words) => string[],
): Edit[] | undefined {
  const name = freeName(source, wrapper, "pending");
  const keywords = [...new Set([wrapper, inner])].map((fn) => withoutKeyword(source, fn));
  // a callback that waits may stand in a wrapper that is not async
  if (name === undefined || !keywords.some((edit) => edit)) return undefined;
  const { semicolon: end, indent: step } = source.style;
  const indent = source.indentAt(scene.start.start);
  const handled = list(child(scene.handler, "body"), "body").slice(0, -1);
  const param = child(scene.handler, "param");
  const block = (statements: Node[], last?: string): string => {
    const lines = [...statements.map((n) => moved(source, n, indent + step)), ...(last ? [last] : [])];
    return lines.length > 0 ? `{\n${lines.map((l) => `${indent}${step}${l}\n`).join("")}${indent}}` : "{}";
  };
  const lines = [
    ...scene.before.map((n) => moved(source, n, indent)),
    `const ${name} = ${source.textOf(asked)}${end}`,
    ...written(name, {
      block,
      end,
      value: source.textOf(scene.value),
      failed: handled.length > 0 && param ? source.textOf(param) : "",
      after: scene.after,
      handled,
      finalized: list(scene.finalizer, "body"),
      last: `return ${source.textOf(scene.returned)}${end}`,
    }),
  ];
  return [
    ...keywords.flatMap((edit) => edit ?? []),
    source.replace(scene.start.start, scene.end, lines.join(`\n${indent}`)),
  ];
}

/** A statement at another depth. */
const moved = (source: Source, node: Node, indent: string): string =>
  atDepth(source.textOf(node), source.indentAt(node.start), indent);

/** Takes the word `async` off. */
function withoutKeyword(source: Source, fn: Node): Edit | undefined {
  if (fn.async !== true) return undefined;
  const holder = source.parentOf(fn);
  const isMethod =
    holder?.type === "MethodDefinition" || (holder?.type === "Property" && holder.method === true);
  const start = isMethod ? holder.start : fn.start;
  const found = /\basync\s+/.exec(source.text.slice(start, fn.start + 6));
  return (
    (found && source.replace(start + found.index, start + found.index + found[0].length, "")) || undefined
  );
}
