import { lossAt } from "../../src/invocation/unflushed.js";
import { nodeOf } from "../edit/methods.js";
import type { ChainRepair } from "../edit/repair.js";
import { child, openSource } from "../edit/source.js";
import { keeperAt } from "./keeper.js";

/** Hands a floating flush to the platform, or waits for it where the function can. */
export const repairFloating: ChainRepair = (broken, project) => {
  const { fn, at } = broken;
  const source = openSource(project, fn.module.file);
  const call = source?.at(at, "CallExpression");
  const loss = lossAt(broken, project);
  if (!source || !call || !loss) return undefined;
  const parent = source.parentOf(call);
  const isVoid = parent?.type === "UnaryExpression" && parent.operator === "void";
  const whole = isVoid ? parent : call;
  if (source.parentOf(whole)?.type !== "ExpressionStatement") return undefined;
  const text = source.textOf(call);
  const keeper = keeperAt(source, call, loss.live.invocation, project);
  if (keeper)
    return {
      level: "safe",
      title: "Have the platform wait for the flush",
      edits: [...keeper.edits, source.replace(whole.start, whole.end, keeper.around(text))],
    };
  const node = nodeOf(source, fn);
  if (node?.async !== true || child(node, "body")?.type !== "BlockStatement") return undefined;
  return {
    level: "review",
    title: "Wait for the flush",
    edits: [source.replace(whole.start, whole.end, `await ${text}`)],
  };
};
