import { composeServicesOf } from "../deployment/compose.js";
import { containerOfService, containersOfPod, containersOfTask } from "../deployment/containers.js";
import { taskContainersOf } from "../deployment/ecs.js";
import { dockerfilesOf, imageOf, type Container } from "../deployment/images.js";
import { workloadsOf } from "../deployment/kubernetes.js";
import { unitsOf } from "../deployment/systemd.js";
import type { Project } from "../program/project.js";

/** Every container of a project whose command is written in it. Images that only build, test or develop are left out. */
export function containersOf(project: Project): Container[] {
  let found = known.get(project);
  if (!found) {
    const images = dockerfilesOf(project)
      .flatMap((file) => imageOf(file, project) ?? [])
      .filter(({ entrypoint, command }) => entrypoint ?? command);
    // services and pods without a command of their own run what their image says
    const services = composeServicesOf(project)
      .flatMap((service) => containerOfService(service, project) ?? [])
      .filter(({ own }) => own);
    const pods = workloadsOf(project).flatMap((workload) =>
      workload.containers.flatMap((pod) => {
        const may = containersOfPod(workload, pod, project).filter(({ own }) => own);
        return may.length === 1 ? may : [];
      }),
    );
    const tasks = taskContainersOf(project).flatMap((task) => {
      const may = containersOfTask(task, project).filter(({ own }) => own);
      return may.length === 1 ? may : [];
    });
    found = [
      ...images,
      ...[...services, ...pods, ...tasks].map(({ container }) => container),
      // what such a service leaves alive is not killed, and so loses nothing
      ...unitsOf(project).flatMap(({ container, mode }) =>
        mode === undefined || /^(control-group|mixed)$/.test(mode.name) ? [container] : [],
      ),
    ];
    known.set(project, found);
  }
  return found;
}

const known = new WeakMap<Project, Container[]>();
