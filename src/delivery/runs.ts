import { containersOfPod, type Described } from "../deployment/containers.js";
import type { PodContainer, Workload } from "../deployment/kubernetes.js";
import type { Run } from "../program/program.js";
import type { Project } from "../program/project.js";
import { follow } from "./follow.js";
import { isStarted } from "./programs.js";

/**
 * The programs that a container runs.
 * @param heard only those that hear its signal
 */
export function runsIn({ container }: Described, project: Project, heard = false): Run[] {
  const started = follow(container, project).filter(({ obstacle }) => !heard || !obstacle || obstacle.unsure);
  return project.runs().filter((run) => started.some((s) => isStarted(run, s, project)));
}

/** The programs of a pod's container; none where its image may be built in several ways that run some. */
export function runsOfPod(workload: Workload, pod: PodContainer, project: Project, heard = false): Run[] {
  const may = containersOfPod(workload, pod, project)
    .map((described) => runsIn(described, project, heard))
    .filter((runs) => runs.length > 0);
  return may.length === 1 ? (may[0] ?? []) : [];
}
