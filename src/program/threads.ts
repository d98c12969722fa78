import type { Expr, Fn, Span, Stmt } from "../syntax/ir.js";
import { listsIn } from "./branches.js";

/**
 * Whether code runs in worker threads only: it stands behind `if (!isMainThread)`. `process.exit()` ends just the thread there
 * (https://nodejs.org/api/process.html#processexitcode), and the program goes on.
 */
export function isOfThread(fn: Fn, at: Span): boolean {
  for (let around: Fn | undefined = fn, span = at; around; span = around.at, around = around.parent)
    if (standsInThread(around.body, span)) return true;
  return false;
}

function standsInThread(body: readonly Stmt[], span: Span): boolean {
  for (const s of body) {
    // a function that is declared in the branch is no statement of it
    if (s.s === "if" && !s.else && isThread(s.test) && s.test.at[1] <= span[0] && span[1] <= s.at[1])
      return true;
    for (const list of listsIn(s)) {
      if (!list.some((x) => x.at[0] <= span[0] && span[1] <= x.at[1])) continue;
      if (s.s === "if" && (list === s.then ? isThread(s.test) : isMain(s.test))) return true;
      return standsInThread(list, span);
    }
  }
  return false;
}

const isMain = (test: Expr): boolean =>
  test.k === "id"
    ? /^(node:)?worker_threads$/.test(test.bind?.from?.specifier ?? "") &&
      test.bind?.from?.name === "isMainThread"
    : test.k === "mem" && test.p === "isMainThread";

const isThread = (test: Expr): boolean =>
  test.k === "not"
    ? isMain(test.e)
    : test.k === "logic" && test.op === "&&" && (isThread(test.l) || isThread(test.r));
