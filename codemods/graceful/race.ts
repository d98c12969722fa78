import type { Edit } from "../../src/finding.js";
import type { CompetingShutdown } from "../../src/program/details.js";
import { flushesIn, type Ending } from "../../src/program/endings.js";
import type { Project } from "../../src/program/project.js";
import type { Page } from "../ending/page.js";
import { detach } from "./detach.js";
import { Draft } from "./draft.js";
import { mergeInto } from "./merge.js";

/**
 * Makes one ending of two listeners: what the one did for telemetry, the other does last.
 * @returns undefined where the one to be given up does more than that, or listens for more signals
 */
export function oneEnding(
  { ending, other }: CompetingShutdown,
  project: Project,
  open: (file: string) => Page | undefined,
): Edit[] | undefined {
  if (!ending || !other) return undefined;
  const given = givenUp(ending, other);
  const kept = given === ending ? other : ending;
  if (!given.events.every((event) => kept.events.includes(event))) return undefined;
  const draft = new Draft();
  const closer = detach(given, project, open, draft);
  if (!closer) return undefined;
  const end = given === ending ? closer.exit : undefined;
  const merged = mergeInto(kept, {
    project,
    closer,
    draft,
    open,
    ...(end === undefined ? {} : { finally: end }),
  });
  return merged === "closes" ? draft.finish() : undefined;
}

/** Who drains keeps the ending; of two that only send, the one that ends the process. */
function givenUp(ending: Ending, other: Ending): Ending {
  if (flushesIn(ending).length > 0 && other.drains.length > 0) return ending;
  return flushesIn(other).length > 0 ? other : ending;
}
