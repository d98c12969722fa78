import type { Hit } from "../flow/world.js";
import type { Fn } from "../syntax/ir.js";
import type { Run } from "../program/program.js";

/** `async function reportError(error) { init(); notify(error); }`: what is started for one error has no crash to hear. */
export const isStartedToReport = ({ stack, vendor }: Hit, run: Run): boolean =>
  stack.some(
    ({ fn }) =>
      fn.kind !== "module" &&
      REPORTS.test(fn.name ?? "") &&
      run.hits.some((h) => h.kind === "capture" && h.vendor === vendor && isInside(h.fn, fn)),
  );

const REPORTS =
  /(report|send|capture|notify|handle|track|log).*(error|exception|crash|failure)|^error|errorHandler$/i;

const isInside = (inner: Fn, outer: Fn): boolean => {
  for (let fn: Fn | undefined = inner; fn; fn = fn.parent) if (fn === outer) return true;
  return false;
};
