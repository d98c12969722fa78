import type { FloatingFlush } from "../../src/program/details.js";
import { endingsOf } from "../../src/program/endings.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";

/** Whether another ending of the program closes the same SDK when nothing is left to do. */
export function closesAtNaturalEnd(
  project: Project,
  { flush, ending }: FloatingFlush,
  registration: Node,
): boolean {
  return project
    .runs()
    .some((run) =>
      endingsOf(run, project).some(
        (other) =>
          other !== ending &&
          other.kind === "natural" &&
          other.call?.at[0] !== registration.start &&
          other.hits.some((h) => h.kind === "flush" && h.vendor === flush.vendor),
      ),
    );
}
