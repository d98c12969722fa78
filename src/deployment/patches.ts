import type { Project } from "../program/project.js";
import { baseOf } from "../program/index/paths.js";
import type { Workload } from "./kubernetes.js";

/** A workload without an image: Kustomize lays it over the one of the same kind and name. */
export const isPatch = (workload: Workload): boolean =>
  workload.containers.every((c) => c.image === undefined);

/** What the patches of a workload say, as far as they are YAML of their own. */
export const patchesOf = (workload: Workload, all: readonly Workload[]): Workload[] =>
  all.filter((w) => w !== workload && isPatch(w) && w.kind === workload.kind && w.name === workload.name);

const kustomization = /^(?:kustomization\.ya?ml|Kustomization)$/;

/** Some Kustomization changes the field in a way that is not followed: by a JSON patch, or a patch written into it. */
export const isPatchedElsewhere = (field: string, project: Project): boolean =>
  project.index.manifestFiles.some((file) => {
    if (!/\.ya?ml$/.test(file)) return false;
    const text = project.index.read(file);
    if (text === undefined || text.length > 300_000 || !text.includes(field)) return false;
    return kustomization.test(baseOf(file)) || /^\s*-?\s*["']?path["']?\s*:\s*\/spec\//m.test(text);
  });
