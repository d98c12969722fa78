import { registrationMethods } from "../knowledge/process.js";
import { eventNames } from "../program/event-names.js";
import type { Call } from "../syntax/ir.js";
import { says } from "../program/says.js";
import type { Hit } from "../flow/world.js";
import { endingsOf } from "../program/endings.js";
import type { Project } from "../program/project.js";
import type { Run } from "../program/program.js";

/** `process.kill(process.pid, "SIGTERM")` where the program listens to the signal: it is asked to end, not ended. */
export function asksItself(run: Run, { call, value, stack }: Hit, project: Project): boolean {
  if (value?.v !== "exit" || value.facts.kind !== "self-kill") return false;
  const signal = call?.args[1];
  const name = signal === undefined ? "SIGTERM" : signal.k === "lit" ? signal.v : undefined;
  // `SIGNALS[0]` of a list that the program listens to; in a listener it is the signal raised again
  if (signal && signal.k !== "lit" && !stack.some((s) => s.as === "listener" && s.event?.startsWith("SIG")))
    return (
      signal.k === "mem" &&
      (endingsOf(run, project).some((e) => e.kind === "signal") || hearsThroughAnother(run, project))
    );
  // inside of the listener it is the signal raised again, and the listener is gone
  const own = stack.findLast((s) => s.as === "listener" && s.event === name);
  if (own) return own.call !== undefined && staysHeard(name, own.call, run, project);
  return endingsOf(run, project).some((e) => e.kind === "signal" && e.events.some((event) => event === name));
}

/** Another listener of the signal stays when this one has run: the signal comes to that one and ends nothing by itself. */
const staysHeard = (name: unknown, own: Call, run: Run, project: Project): boolean =>
  endingsOf(run, project).some(
    ({ kind, events, call }) =>
      kind === "signal" &&
      events.some((event) => event === name) &&
      call?.callee.k === "mem" &&
      call !== own &&
      /^(on|addListener|prependListener)$/.test(call.callee.p ?? ""),
  ) && ![...run.files].some((file) => says(file, REMOVES, project));

/** Takes listeners away before the signal is raised again. */
const REMOVES = /\bprocess\.(removeAllListeners|removeListener|off)\(\s*(["'`]SIG|\w*\s*[,)])/;

/** `run(process)`, and there `proc.on("SIGTERM", drain)`: the listener stands on what the function was given. */
const hearsThroughAnother = (run: Run, project: Project): boolean =>
  [...project.marks.modules.keys()].some(
    (module) =>
      run.files.has(module.file) &&
      module.calls.some(
        ({ call }) =>
          call.callee.k === "mem" &&
          registrationMethods.includes(call.callee.p ?? "") &&
          call.callee.o.k === "id" &&
          call.callee.o.bind?.kind === "param" &&
          eventNames(call, module, project.values).some((name) => name.startsWith("SIG")),
      ),
  );
