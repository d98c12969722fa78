import { otherHosts, versionMatrix, type MixSide, type VersionMix } from "../knowledge/version-matrix.js";
import type { ChainBreak } from "../program/details.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";
import { isSurely, rangeOf, type Dependency } from "./installed.js";
import { placeOf } from "./place.js";
import { areDisjoint } from "./ranges.js";
import { usesOf, type Use } from "./uses.js";

/** A mix that a program has: what does not fit, and what it is put into. */
export interface Mixed {
  mix: VersionMix;
  part: Use;
  host: Use;
}

/** What one edit puts right, and the finding that says so. */
export interface BrokenMix {
  broken: ChainBreak;
  group: readonly Mixed[];
}

/** Packages that a program uses together in versions that do not work together: one finding for each line to edit. */
export const versionMixes = (project: Project): ChainBreak[] =>
  [...brokenMixes(project).values()].flat().map(({ broken }) => broken);

const known = new WeakMap<Project, Map<string, BrokenMix[]>>();

/** The same with what each was found from, by the package.json in which the finding stands. */
export function brokenMixes(project: Project): ReadonlyMap<string, readonly BrokenMix[]> {
  let found = known.get(project);
  if (!found) {
    known.set(project, (found = new Map()));
    for (const group of groupsOf(project)) {
      const broken = brokenOf(group, project);
      if (!broken) continue;
      const { file } = broken.fn.module;
      found.set(file, [...(found.get(file) ?? []), { broken, group }]);
    }
  }
  return found;
}

/** Two exporters that do not fit the same SDK are one bug. */
function groupsOf(project: Project): Iterable<Mixed[]> {
  const groups = new Map<string, Mixed[]>();
  const met = new Set<string>();
  for (const run of project.runs()) {
    if (run.started.size === 0) continue;
    for (const mixed of mixesOf(run, project)) {
      const host = keyOf(mixed.host.dependency);
      const key = `${host} ${keyOf(mixed.part.dependency)} ${mixed.mix.id}`;
      if (met.has(key)) continue;
      met.add(key);
      groups.set(host, [...(groups.get(host) ?? []), mixed]);
    }
  }
  return groups.values();
}

/** The mixes of a program; none where something of the same kind fits, or nobody knows what is installed. */
export function mixesOf(run: Run, project: Project): Mixed[] {
  if ([...run.files].some((file) => importsOf(file, project).some((name) => others.has(name)))) return [];
  return versionMatrix.flatMap((mix): Mixed[] => {
    const parts = usesOf(mix.part, run, project);
    if (!parts || parts.length === 0) return [];
    const hosts = usesOf(mix.host, run, project);
    if (!hosts?.every((use) => isBad(use, mix.host))) return [];
    return parts
      .filter((use) => isBad(use, mix.part) && (!mix.twins || hosts.every((other) => differ(use, other))))
      .flatMap((part) => {
        const met = hosts.find((other) => areNear(part, other, mix.near));
        return met ? [{ mix, part, host: met }] : [];
      });
  });
}

const others = new Set(otherHosts);

const importsOf = (file: string, project: Project): string[] =>
  project.index.scan(file).imports.flatMap((i) => (i.kind === "type" ? [] : i.specifier));

const isBad = ({ dependency }: Use, { packages }: MixSide): boolean =>
  isSurely(dependency, packages[dependency.name] ?? "");

const areNear = (a: Use, b: Use, near: VersionMix["near"]): boolean =>
  near === "file" ? a.fn.module === b.fn.module : near !== "package" || a.dependency.dir === b.dependency.dir;

const differ = ({ dependency: a }: Use, { dependency: b }: Use): boolean =>
  areDisjoint(a.version ?? rangeOf(a), b.version ?? rangeOf(b));

const keyOf = ({ dir, name }: Dependency): string => `${dir}/package.json ${name}`;

function brokenOf(group: readonly Mixed[], project: Project): ChainBreak | undefined {
  const [first] = group;
  if (!first) return undefined;
  const { mix, part, host } = first;
  // several parts that agree with each other: the SDK is the one that stayed behind, or went ahead
  const several = group.some((other) => keyOf(other.part.dependency) !== keyOf(part.dependency));
  const place = placeOf(several ? host.dependency : part.dependency, project);
  if (!place) return undefined;
  const parts = several ? group.map((mixed) => mixed.part) : [part];
  return {
    kind: "chain-break",
    check: "versions",
    fn: place.fn,
    at: place.at,
    names: [named(part.dependency), named(host.dependency), mix.failure, mix.advice, mix.id],
    others: [
      ...parts.map((use) => ({ fn: use.fn, at: use.at, message: `${named(use.dependency)} is used here` })),
      { fn: host.fn, at: host.at, message: `${named(host.dependency)} is used here` },
    ],
  };
}

const named = (dependency: Dependency): string =>
  `\`${dependency.name}\` ${dependency.version ?? rangeOf(dependency)}`;
