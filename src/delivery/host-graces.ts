import { taskContainersOf } from "../deployment/ecs.js";
import { containersOfTask } from "../deployment/containers.js";
import { unitsOf } from "../deployment/systemd.js";
import { defaultGrace, endingSignal } from "../knowledge/grace-periods.js";
import type { Project } from "../program/project.js";
import type { Grace } from "./grace.js";
import { runsIn, runsOfTask } from "./runs.js";

/** What task definitions of Amazon ECS leave; on machines of one's own only where they say so. */
export function taskGraces(project: Project): Grace[] {
  return taskContainersOf(project).flatMap((task): Grace[] => {
    const { timeout, fargate, of, at } = task;
    if (timeout ? timeout.millis === undefined : !fargate) return [];
    const runs = runsOfTask(task, project, true);
    if (runs.length === 0) return [];
    const [image] = containersOfTask(task, project);
    return [
      {
        by: "ecs",
        millis: timeout?.millis ?? defaultGrace.ecs,
        preStop: 0,
        place: { fn: of.fn, at: timeout?.at ?? at },
        stated: timeout !== undefined,
        inside: { at: at[0], end: at[1], above: false },
        signal: image?.container.signal ?? endingSignal.ecs,
        signalAt: undefined,
        runs,
        env: task.openEnv ? undefined : task.env,
      },
    ];
  });
}

/** What services of systemd leave. */
export function unitGraces(project: Project): Grace[] {
  return unitsOf(project).flatMap((unit): Grace[] => {
    const { fn, at, timeout, mode, signal, env } = unit;
    if ((timeout && timeout.millis === undefined) || mode?.name === "none") return [];
    const runs = runsIn({ container: unit.container, own: true }, project, true);
    if (runs.length === 0) return [];
    return [
      {
        by: "systemd",
        millis: timeout?.millis ?? defaultGrace.systemd,
        preStop: 0,
        place: { fn, at: timeout?.at ?? at },
        stated: timeout?.own === true,
        inside: { at: at[0], end: at[1], above: false },
        signal: signal?.name ?? endingSignal.systemd,
        signalAt: signal?.at,
        runs,
        env: unit.openEnv ? undefined : new Map([...env].map(([name, { value }]) => [name, value])),
      },
    ];
  });
}
