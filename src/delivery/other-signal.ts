import { listeningOwners } from "../knowledge/owners.js";
import type { ChainBreak } from "../program/details.js";
import { endingsOf, type Ending } from "../program/endings.js";
import type { Run } from "../program/program.js";
import type { Project } from "../program/project.js";
import { isFlush } from "../deadline/waits.js";
import { gracesIn, type Grace } from "./grace.js";
import { hears, isEndedFromOutside } from "./short-grace.js";

/** A platform that sends another signal than the one at which its program flushes. */
export interface OtherSignal {
  grace: Grace;
  ending: Ending;
  vendor: string;
}

const known = new WeakMap<Project, OtherSignal[]>();

/** Every platform of a project whose signal ends a program before it flushes. */
export function otherSignals(project: Project): OtherSignal[] {
  let found = known.get(project);
  if (!found) {
    found = gracesIn(project)
      .filter(({ by }) => by === "fly" || by === "pm2" || by === "systemd")
      .flatMap((grace) => grace.runs.flatMap((run) => unheardBy(run, grace, project) ?? []).slice(0, 1));
    known.set(project, found);
  }
  return found;
}

function unheardBy(run: Run, grace: Grace, project: Project): OtherSignal | undefined {
  if (!isEndedFromOutside(run, project)) return undefined;
  const endings = endingsOf(run, project);
  // frameworks listen to every signal
  if (endings.some((e) => hears(e, grace.signal) || e.kind === "hook" || mayListen(e))) return undefined;
  for (const ending of endings) {
    if (ending.kind !== "signal" || !ending.events.includes("SIGTERM")) continue;
    const flush = ending.hits.find((h) => isFlush(h) && h.vendor && !run.local.has(h.vendor));
    if (flush?.vendor) return { grace, ending, vendor: flush.vendor.name };
  }
  return undefined;
}

const mayListen = ({ kind, owner }: Ending): boolean => kind === "owner" && listeningOwners.has(owner ?? "");

/** The same, as findings. `names`: the platform, its signal, the one that is heard, the vendor. */
export function findOtherSignals(project: Project): ChainBreak[] {
  return otherSignals(project).map(({ grace, ending: { fn, call }, vendor }) => ({
    kind: "chain-break",
    check: "signal",
    fn: grace.place.fn,
    at: grace.signalAt ?? grace.place.at,
    names: [grace.by, grace.signal, "SIGTERM", vendor],
    others: call ? [{ fn, at: call.at, message: "the program flushes at this signal" }] : [],
  }));
}
