import {
  commandOfUnit,
  environmentOfUnit,
  lastOf,
  settingsOfUnit,
  unitName,
} from "../program/index/entries/unit-file.js";
import { baseOf, dirOf } from "../program/index/paths.js";
import { manifestPlace } from "../program/manifest-place.js";
import type { Project } from "../program/project.js";
import type { Fn, Span } from "../syntax/ir.js";
import { isForWork } from "./for-work.js";
import type { Container } from "./images.js";

/** A service of systemd that runs one command until it is told to end. */
export interface Unit {
  /** Stands for its file. */
  fn: Fn;
  /** `ExecStart`. */
  at: Span;
  /** What it runs, as a container without an image. */
  container: Container;
  /** `TimeoutStopSec`, or `TimeoutSec`; `millis` is undefined where it cannot be read, or where nothing is ever killed. */
  timeout: { millis: number | undefined; at: Span; own: boolean } | undefined;
  /** `KillSignal`. */
  signal: { name: string; at: Span } | undefined;
  /** `KillMode`: whom the signal is sent to. */
  mode: { name: string; at: Span } | undefined;
  env: ReadonlyMap<string, { value: string; at: Span }>;
  /** More variables come from elsewhere (`EnvironmentFile`). */
  openEnv: boolean;
}

const known = new WeakMap<Project, Unit[]>();

/** The services of a project, but those for work on it and those that stop by a command of their own. */
export function unitsOf(project: Project): Unit[] {
  let found = known.get(project);
  if (!found) {
    found = project.index.manifestFiles
      .filter((file) => unitName.test(baseOf(file)) && !isForWork(file) && !project.index.isTest(file))
      .flatMap((file) => unitIn(file, project) ?? []);
    known.set(project, found);
  }
  return found;
}

function unitIn(file: string, project: Project): Unit | undefined {
  const text = project.index.read(file);
  if (text === undefined || !text.includes("ExecStart")) return undefined;
  const settings = settingsOfUnit(text);
  const last = (name: string): { value: string; at: Span } | undefined => lastOf(settings, name);
  const command = commandOfUnit(settings);
  if (!command || /^(oneshot|forking)$/.test(last("Type")?.value ?? "")) return undefined;
  // it ends by what this does, or is not killed at all
  if (last("ExecStop")?.value || /^(no|false|off|0)$/i.test(last("SendSIGKILL")?.value ?? ""))
    return undefined;
  const workdir = last("WorkingDirectory")?.value.replace(/^-/, "") ?? "/";
  const env = environmentOfUnit(settings);
  if (/^(dev|test)/.test(env.get("NODE_ENV")?.value ?? "") || /[%~]/.test(workdir)) return undefined;
  const fn = manifestPlace(file, text);
  const at = command.setting.at;
  const timeout = settings.findLast((s) => s.section === "Service" && /^Timeout(Stop)?Sec$/.test(s.name));
  const [signal, mode] = [last("KillSignal"), last("KillMode")];
  const openEnv = last("EnvironmentFile") !== undefined || last("PassEnvironment") !== undefined;
  return {
    fn,
    at,
    container: {
      place: { fn, at },
      entrypoint: undefined,
      command: { words: command.words },
      // what the machine brings by variables of its own is as little known as an image of somebody else
      image: openEnv ? "(machine)" : "",
      shell: undefined,
      signal: signal?.value,
      bases: project.index.commandLines.bases(dirOf(file), [workdir]),
      workdir,
      dir: dirOf(file),
      copiedFrom: () => [],
      // the whole control group gets the signal, unless `KillMode` says otherwise
      tells: mode === undefined || mode.value === "control-group" ? "all" : "first",
    },
    timeout: timeout && {
      millis: millisOfSpan(timeout.value),
      at: timeout.at,
      own: timeout.name === "TimeoutStopSec",
    },
    signal: signal && { name: signalName(signal.value), at: signal.at },
    mode: mode && { name: mode.value, at: mode.at },
    env,
    openEnv,
  };
}

const signalName = (value: string): string => (/^(SIG|\d)/.test(value) ? value : `SIG${value}`);

const units: Readonly<Record<string, number>> = {
  ms: 1,
  msec: 1,
  "": 1000,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
};

/** `20`, `1min 30s`, as systemd.time(7) tells; undefined for `infinity`, for 0, which means the same here, and for what is none. */
function millisOfSpan(value: string): number | undefined {
  let sum = 0;
  if (!/^(\s*\d+(\.\d+)?\s*[a-z]*)+\s*$/.test(value)) return undefined;
  for (const [, n, unit = ""] of value.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/g)) {
    const each = units[unit];
    if (each === undefined) return undefined;
    sum += Number(n) * each;
  }
  return sum > 0 ? sum : undefined;
}
