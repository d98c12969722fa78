import type { Node } from "../../src/syntax/parse.js";
import { list, type Source } from "../edit/source.js";
import { removed } from "../exit/chain.js";
import { visibleAt } from "../flush/names.js";
import type { Completed } from "./complete.js";
import { openAt, type Scene } from "./scene.js";

/**
 * Moves the start of an SDK above the first capture of the same file.
 * @returns undefined where the start is elsewhere, or uses what is only made in between
 */
export function startFirst(scene: Scene): Completed | undefined {
  const { details } = scene;
  const { start, call } = details;
  const opened = openAt(scene, details.fn);
  if (!opened || !start || !call || start.fn !== opened.module.top) return undefined;
  const { source, module } = opened;
  const body = list(source.program, "body");
  const capture = body.find((s) => s.start <= call.at[0] && call.at[1] <= s.end);
  const starting = body.find((s) => s.start <= start.at[0] && start.at[1] <= s.end);
  if (!capture || starting?.type !== "ExpressionStatement" || starting.start < capture.end) return undefined;
  const known = visibleAt(source, module, starting);
  const late = namesIn(source, starting).some((name) => {
    const bind = known.get(name);
    if (bind === undefined || bind.kind === "import" || bind.kind === "function") return false;
    return bind.at[0] >= capture.start || bind.values.some((v) => v.at[1] > capture.start);
  });
  if (late || !source.isFirstOnLine(capture.start)) return undefined;
  return {
    safe: false,
    edits: [source.insert(capture.start, `${source.textOf(starting)}\n\n`), removed(source, starting)],
  };
}

const namesIn = (source: Source, node: Node): string[] =>
  [...source.nodes()].flatMap((n) =>
    n.type === "Identifier" && node.start <= n.start && n.end <= node.end ? [n.name as string] : [],
  );
