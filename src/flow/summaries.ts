/** How what a function comes to is read by its callers, where the letter of its paths would say too much. */
import type { Fn } from "../syntax/ir.js";
import type { Summary } from "./frame.js";
import { has, NONE, State, type States, unawaited } from "./state.js";

/** Looks, by its name or its file, like the set-up of telemetry: waiting for it is no work of the program. */
export function isSetUp(fn: Fn): boolean {
  const name = fn.name ?? "";
  return (STARTER.test(name) && TELEMETRY.test(name)) || (PLAIN.test(name) && TELEMETRY.test(fn.module.file));
}

const STARTER = /^(init|start|set_?up|register|bootstrap|configure|enable|create|run)/i;
const PLAIN = /^(init|initiali[sz]e|start|set_?up|register|configure|enable)$/i;
const TELEMETRY =
  /telemetry|tracing|tracer|otel|instrument|sentry|metric|observab|monitor|analytics|apm|insights/i;
/** Work inside a set-up leaves nothing buffered. */
export const settled = (s: States): States =>
  has(s, State.Worked | State.Background) ? (s & ~(State.Worked | State.Background)) | State.Busy : s;

/**
 * A function that awaits a flush on some path is a flusher: its early returns ("nothing was started") are not held against
 * it, unless something was captured on them.
 */
export function lenient(summary: Summary, entry: States): Summary {
  if (!has(summary.ok, State.Flushed) || entry === State.Flushed) return summary;
  const captured = entry === State.Captured ? NONE : summary.ok & State.Captured;
  const ok = State.Flushed | captured | (summary.ok & State.Idle);
  const now = summary.promise ? unawaited(summary.now) : summary.now;
  return { ...summary, ok, now, flushes: true };
}
