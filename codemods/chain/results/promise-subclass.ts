import { promiseSubclasses } from "../../../src/knowledge/promise-subclasses.js";
import type { Edit } from "../../../src/finding.js";
import type { Node } from "../../../src/syntax/parse.js";
import { openSource, type Source } from "../../edit/source.js";
import { onTheSide } from "./on-the-side.js";
import type { ChainRepair } from "../../edit/repair.js";
import { awaitedOnce, sceneOf } from "./awaited-once.js";
import { byTheSdk } from "./by-the-sdk.js";
import { watchedBeside, watchedByTheSdk } from "./without-async.js";

/** The original promise is handed back, or what the SDK itself makes of it; nothing that has to be run twice for that. */
export const repairPromiseSubclass: ChainRepair = ({ fn, names: [type, , how], parts, link }, project) => {
  const source = openSource(project, fn.module.file);
  const { listener } = promiseSubclasses.find(({ names }) => names[0] === type) ?? {};
  if (!source || listener === "runs") return undefined;
  const reads = listener === "reads";
  const [chain] = parts ?? [];
  const call = chain && source.at(chain.at, "CallExpression");
  // what stands around every method of a client stands around some that give no promise
  const isAny = link?.by === "trap" && link.name === "get";
  if (how !== "async") return call && repaired(reads, (reads ? byTheSdk : onTheSide)(source, call));
  const wrapper = source.at(fn.at, "ArrowFunctionExpression", "FunctionExpression", "FunctionDeclaration");
  return isAny || !wrapper ? undefined : repaired(reads, withoutAsync(source, wrapper, reads));
};

function withoutAsync(source: Source, wrapper: Node, reads: boolean): Edit[] | undefined {
  const awaited = awaitedOnce(source, wrapper);
  const scene = awaited && sceneOf(source, awaited, reads);
  return awaited && scene && (reads ? watchedByTheSdk : watchedBeside)(source, awaited, scene);
}

const repaired = (reads: boolean, edits: Edit[] | undefined): ReturnType<ChainRepair> =>
  edits && {
    level: "review",
    title: reads
      ? "Let the SDK itself transform its promise"
      : "Return the original promise, and watch it on the side",
    edits,
  };
