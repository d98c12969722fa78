import type { Node } from "../../src/syntax/parse.js";
import { SIGNALS } from "../ending/signals.js";
import { naturalEndLines, signalLines } from "../ending/text.js";
import type { Page } from "../ending/page.js";
import type { CloseCall } from "./closer.js";
import type { Draft } from "./draft.js";
import type { Home } from "./home.js";
import { freeNameIn, timerIn } from "./names.js";
import { gracefulLines } from "./text.js";

const NAMES = ["shutdown", "gracefulShutdown", "shutdownGracefully", "endGracefully"];

/**
 * An ending of its own behind the last server that a file starts.
 * @param close what closes telemetry; undefined where the servers' own close does it
 */
export function writeGraceful(draft: Draft, home: Home, close: CloseCall | undefined): boolean {
  const { page, module, servers } = home;
  const last = servers.at(-1);
  const name = freeNameIn(page, NAMES);
  if (!last || name === undefined) return false;
  const together = servers.filter((s) => isAround(s.block, last.block));
  const behind = together
    .map((s) => statementOf(page, last.block, s.behind))
    .sort((a, b) => a.end - b.end)
    .at(-1);
  for (const server of together) draft.add(server.edits);
  const drains = together.map((server) => server.drain);
  draft.behind(
    page,
    behind ?? last.behind,
    gracefulLines({
      source: page,
      form: last.block === page.program ? "function" : "arrow",
      name,
      drains,
      close,
      timer: timerIn(module),
    }),
  );
  return true;
}

/** Names of the outer block are known in the inner one. */
const isAround = (outer: Node, inner: Node): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** The statement of a block that stands for a place outside it: the block's own first, or the place itself. */
function statementOf(page: Page, block: Node, behind: Node): Node {
  return page.parentOf(behind) === block ? behind : ((block.body as Node[] | undefined)?.[0] ?? behind);
}

/** Endings beside the start of telemetry: nothing is known that would have to come to its end first. */
export function writeBeside(
  draft: Draft,
  { page, module }: Pick<Home, "page" | "module">,
  behind: Node,
  close: CloseCall,
  when: { natural: boolean; signals: boolean },
): void {
  draft.behind(page, behind, [
    ...(when.natural ? naturalEndLines(page, close.awaited, timerIn(module)) : []),
    ...(when.signals ? signalLines(page, close.awaited, SIGNALS) : []),
  ]);
}
