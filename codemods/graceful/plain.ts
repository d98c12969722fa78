import type { Project } from "../../src/program/project.js";
import type { Call, Expr, Fn } from "../../src/syntax/ir.js";

/** Members of promises and loggers, and what keeps a timer from holding the process. */
const HARMLESS = /^(then|catch|finally|unref|log|info|warn|error|debug|trace|verbose)$/;
const ROOTS = /^(console|Promise|Error|String|setTimeout|clearTimeout|diag)$/;

/** Whether a function does nothing but to flush or close telemetry, to write log lines and to end the process. */
export const logsOnly = (fn: Fn, project: Project): boolean =>
  fn.module.calls
    .filter(({ call }) => fn.at[0] <= call.at[0] && call.at[1] <= fn.at[1])
    .every(({ call }) => isPlain(call, fn, project));

function isPlain(call: Call, fn: Fn, project: Project): boolean {
  const values = project.values.of(call.callee, fn.module);
  for (const v of values) {
    if (v.v === "exit") return true;
    const facts =
      v.v === "member" ? v.member.facts : v.v === "sdk" && v.sdk.is === "call" ? v.sdk.facts : undefined;
    if (facts) return facts.role === "flush" || facts.role === "close";
    if (v.v === "fn") return false;
  }
  const member = call.callee.k === "mem" ? call.callee.p : undefined;
  return ROOTS.test(rootOf(call.callee) ?? "") || HARMLESS.test(member ?? "");
}

function rootOf(e: Expr): string | undefined {
  let root = e;
  while (root.k === "mem") root = root.o;
  return root.k === "id" ? root.name : undefined;
}
