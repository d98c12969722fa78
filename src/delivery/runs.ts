import { containersOfPod, containersOfTask, type Described } from "../deployment/containers.js";
import type { TaskContainer } from "../deployment/ecs.js";
import type { PodContainer, Workload } from "../deployment/kubernetes.js";
import type { Run } from "../program/program.js";
import type { Project } from "../program/project.js";
import { follow } from "./follow.js";
import { isRun, isStarted } from "./programs.js";

/**
 * The programs that a container runs.
 * @param heard only those that hear its signal
 */
export function runsIn({ container }: Described, project: Project, heard = false): Run[] {
  const started = follow(container, project).filter(({ obstacle }) => !heard || !obstacle || obstacle.unsure);
  return project.runs().filter((run) => started.some((s) => isStarted(run, s, project)));
}

/** The programs of a pod's container; none where its image may be built in several ways that run some. */
export const runsOfPod = (workload: Workload, pod: PodContainer, project: Project, heard = false): Run[] =>
  onlyBuild(containersOfPod(workload, pod, project).map((described) => runsIn(described, project, heard)));

/** The same for a container of a task of ECS. */
export const runsOfTask = (task: TaskContainer, project: Project, heard = false): Run[] =>
  onlyBuild(containersOfTask(task, project).map((described) => runsIn(described, project, heard)));

/** The same with programs that end by themselves, as those of a Job do. */
export const workOfPod = (workload: Workload, pod: PodContainer, project: Project): Run[] =>
  onlyBuild(
    containersOfPod(workload, pod, project).map(({ container }) => {
      const started = follow(container, project);
      return project.runs().filter((run) => started.some((s) => isRun(run, s, project)));
    }),
  );

/** What the only image runs that runs anything. */
function onlyBuild(builds: readonly Run[][]): Run[] {
  const [only, ...more] = builds.filter((runs) => runs.length > 0);
  return more.length === 0 ? (only ?? []) : [];
}
