import type { Page } from "../ending/page.js";
import { child } from "../edit/source.js";
import type { Node } from "../../src/syntax/parse.js";

/** What a call's value goes into, past the operators that only choose or wait. */
export function holderOf(page: Page, call: Node): Node | undefined {
  let inner = call;
  for (const up of page.ancestors(call)) {
    if (!PASSED.test(up.type) || (up.type === "ConditionalExpression" && child(up, "test") === inner))
      return up;
    inner = up;
  }
  return undefined;
}

const PASSED =
  /^(TS(As|NonNull|Satisfies)Expression|AwaitExpression|ConditionalExpression|LogicalExpression)$/;
