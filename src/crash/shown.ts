import type { Hit } from "../flow/world.js";
import { ONE_PURPOSE } from "../program/program.js";

/** What shows how something is called, tries it out, or sets up a database. */
const SHOWN =
  /(^|\/)(examples?|samples?|test-?apps?|playgrounds?|demos?|evals?|doc-?snippets?|docs?|sandbox(es)?|db|database)(-[^/]*)?\//;

/**
 * A script that is run by hand, or a program that shows something, and whose telemetry is started by the code beside it: it is live
 * only when it starts telemetry of its own.
 */
export function isRunByHand(file: string, starts: readonly Hit[]): boolean {
  const match = SHOWN.exec(file) ?? ONE_PURPOSE.exec(file);
  if (!match) return false;
  const end = file.indexOf("/", match.index + match[0].length);
  const home = end < 0 ? file : file.slice(0, end + 1);
  return !starts.some((s) => s.fn.module.file.startsWith(home));
}
