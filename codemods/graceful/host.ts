import type { Edit } from "../../src/finding.js";
import type { CompetingShutdown } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import { onceMethods } from "../../src/knowledge/process.js";
import type { Node } from "../../src/syntax/parse.js";
import { calledName, list, nameOf } from "../edit/source.js";
import { siteOf } from "../exit/site.js";
import type { Page } from "../ending/page.js";

/** Ends the process at a signal only where nobody else listens for it: else the host does that. */
export function exitOnlyAlone(
  { ending, other }: CompetingShutdown,
  project: Project,
  open: (file: string) => Page | undefined,
): Edit[] | undefined {
  const call = ending?.call;
  // an exit that serves two registrations cannot tell here for which signal to ask
  if (!ending || !call || other) return undefined;
  const home = open(ending.fn.module.file);
  const registration = home?.callAt(call.at);
  if (!home || !registration) return undefined;
  // a listener that runs once is gone by the time it asks
  const alone = onceMethods.includes(calledName(registration) ?? "") ? 0 : 1;
  const edits: Edit[] = [];
  for (const { call: exit, fn, inTimer } of ending.reached) {
    if (inTimer || !project.values.of(exit.callee, fn.module).some((v) => v.v === "exit")) continue;
    const page = open(fn.module.file);
    const node = page?.callAt(exit.at);
    const site = page && node && siteOf(page, node);
    const signal = page && node && signalName(page, node, ending.events, home, registration);
    if (
      !page ||
      site?.form !== "statement" ||
      site.node.type !== "ExpressionStatement" ||
      signal === undefined
    )
      return undefined;
    edits.push(page.insert(site.node.start, `if (process.listenerCount(${signal}) === ${String(alone)}) `));
  }
  return edits.length > 0 ? edits : undefined;
}

/** How the signal is named where the process ends: as a text, or as a variable of a loop or a parameter around it. */
function signalName(
  page: Page,
  exit: Node,
  events: readonly string[],
  home: Page,
  registration: Node,
): string | undefined {
  const { quote } = page.style;
  const [event] = events;
  if (events.length === 1 && event !== undefined) return `${quote}${event}${quote}`;
  const named = list(registration, "arguments")[0];
  const name = nameOf(named);
  const listener = list(registration, "arguments")[1];
  const isInside =
    page.file === home.file && listener && listener.start <= exit.start && exit.end <= listener.end;
  return named?.type === "Identifier" && isInside ? name : undefined;
}
