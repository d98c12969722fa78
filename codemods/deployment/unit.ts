import type { Obstacle } from "../../src/delivery/follow.js";
import { unitsOf } from "../../src/deployment/systemd.js";
import type { Repair } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";

/** Has systemd tell the whole service, not only the shell or the manager in front of the program. */
export function repairUnit({ place }: Obstacle, project: Project): Repair | undefined {
  const unit = unitsOf(project).find(({ fn }) => fn.module.file === place.fn.module.file);
  if (unit?.mode?.name !== "mixed") return undefined;
  const [start, end] = unit.mode.at;
  const edit = { file: place.fn.module.file, start, end, text: "KillMode=control-group" };
  return { level: "review", title: "Tell the whole service", edits: [edit] };
}
