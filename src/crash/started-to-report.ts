import type { Hit } from "../flow/world.js";
import type { Fn } from "../syntax/ir.js";
import type { Run } from "../program/program.js";

/** What is started for one error, or for one message, has no crash to hear. */
export const isStartedToReport = (start: Hit, run: Run): boolean =>
  isErrorReporter(start, run) || isForOneMessage(start, run);

/** `async function reportError(error) { init(); notify(error); }` */
const isErrorReporter = ({ stack, vendor }: Hit, run: Run): boolean =>
  stack.some(
    ({ fn }) =>
      fn.kind !== "module" &&
      REPORTS.test(fn.name ?? "") &&
      run.hits.some((h) => h.kind === "capture" && h.vendor === vendor && isInside(h.fn, fn)),
  );

/** `if (!supported) { init(); captureMessage("unsupported"); }`: a branch starts it, and all that it is ever told stands there. */
function isForOneMessage(start: Hit, run: Run): boolean {
  const { fn, guards, stack, vendor } = start;
  // what counts events is started for one event all the time, and that waits in its buffer
  if (vendor?.crash?.reporter !== true) return false;
  if (fn.kind === "module" || guards <= (stack.at(-1)?.guards ?? 0)) return false;
  const told = run.hits.filter((h) => h.kind === "capture" && h.vendor === vendor);
  return told.length > 0 && told.every((h) => h.fn === fn && h.at[0] > start.at[1] && h.guards >= guards);
}

const REPORTS =
  /(report|send|capture|notify|handle|track|log).*(error|exception|crash|failure)|^error|errorHandler$/i;

const isInside = (inner: Fn, outer: Fn): boolean => {
  for (let fn: Fn | undefined = inner; fn; fn = fn.parent) if (fn === outer) return true;
  return false;
};
