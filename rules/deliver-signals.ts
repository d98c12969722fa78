import { ruleOfChecks, type Check } from "../src/program/rule-of-checks.js";
import { findOtherSignals } from "../src/delivery/other-signal.js";
import { findShortGraces } from "../src/delivery/short-grace.js";
import { unheardSignals } from "../src/delivery/unheard.js";
import type { ChainBreak } from "../src/program/details.js";

const what = ({ names: [, vendor] }: ChainBreak): string =>
  vendor ? `what ${vendor} has buffered is lost` : "what it does when it is told to end never runs";

const shellForm: Check = {
  id: "shell-form",
  summary: "A shell is the first process of the container and keeps the signal.",
  strict: false,
  find: (project) => unheardSignals("shell-form", project),
  message: (found) =>
    `The shell that runs this keeps SIGTERM to itself, so the program never hears that it should end and ${what(found)}; use the exec form, or put \`exec\` in front of the program.`,
};

const script: Check = {
  id: "script",
  summary: "A start script runs the program as its child and keeps the signal.",
  strict: false,
  find: (project) => unheardSignals("script", project),
  message: (found) =>
    `The shell of this script keeps SIGTERM to itself while the program runs, so ${what(found)}; put \`exec\` in front of the program.`,
};

const manager: Check = {
  id: "manager",
  summary: "A package manager stands between the container and the program and loses the signal.",
  strict: false,
  find: (project) => unheardSignals("manager", project),
  message: (found) =>
    `\`${found.names[0] ?? ""}\` hands SIGTERM to the shell of the script, which ends without telling the program, so ${what(found)}; run the program itself.`,
};

const leaves: Check = {
  id: "leaves",
  summary: "A package manager ends at once and takes the container with it.",
  strict: false,
  find: (project) => unheardSignals("leaves", project),
  message: (found) =>
    `\`${found.names[0] ?? ""}\` ends as soon as it hears SIGTERM, and ${found.fn.module.file.endsWith(".service") ? "systemd kills what it leaves" : "the container with it"}, so ${what(found)}; run the program itself.`,
};

const killers: Readonly<Record<string, string>> = {
  kubernetes: "Kubernetes",
  compose: "Docker",
  pm2: "pm2",
  fly: "Fly.io",
  ecs: "Amazon ECS",
  systemd: "systemd",
};

const grace: Check = {
  id: "grace",
  summary: "The program is killed before the time is over that it gives itself to end.",
  strict: false,
  find: findShortGraces,
  message({ names: [by = "", period = "", needed = "", setting = "", vendor = "", kind, preStop] }) {
    const left = preStop
      ? `${period} after the ${preStop} of its preStop hook`
      : `${period} after the signal`;
    const takes =
      kind === "wait"
        ? `waits ${needed} before it flushes`
        : `lets its work come to an end for up to ${needed}`;
    return `${killers[by] ?? by} kills this program ${left}, and the program ${takes}, so what ${vendor} has buffered then is lost; raise \`${setting}\` above the time that the program takes.`;
  },
};

/** The signal as a manifest sets it. */
const settings: Readonly<Record<string, (signal: string) => string>> = {
  fly: (name) => `set \`kill_signal = "${name}"\``,
  systemd: (name) => `set \`KillSignal=${name}\``,
};

const signal: Check = {
  id: "signal",
  summary: "The platform sends another signal than the one at which the program flushes.",
  strict: false,
  find: findOtherSignals,
  message({ names: [by = "", sent = "", heard = "", vendor = ""] }) {
    const repair = settings[by]?.(heard) ?? `listen for ${sent} as well`;
    return `${killers[by] ?? by} ends this program with ${sent}, and it flushes only at ${heard}, so what ${vendor} has buffered is lost; ${repair}.`;
  },
};

/** The deployment never lets the signal, or enough time, reach the code that flushes. */
export const deliverSignals = ruleOfChecks(
  {
    name: "deliver-signals",
    level: "warning",
    summary: "The deployment never lets the signal, or enough time, reach the code that flushes.",
    recommended: true,
  },
  [shellForm, script, manager, leaves, grace, signal],
);
