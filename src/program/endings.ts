import type { Hit } from "../flow/world.js";
import type { Call, Fn } from "../syntax/ir.js";
import type { Project } from "./project.js";
import type { Run } from "./program.js";

/** A call that lets what still produces telemetry come to its end: `server.close()`, `worker.close()`. */
export interface Drain {
  call: Call;
  fn: Fn;
  /** As the knowledge names it: `http server`, `BullMQ worker`. */
  producer: string;
}

/** One way in which a program ends, and what it does then. */
export interface Ending {
  /** `signal`, `natural` (beforeExit), `exit`, `crash`: events of the process. `owner`: a library that ends the process. `hook`: a method that a framework calls. */
  kind: "signal" | "natural" | "exit" | "crash" | "owner" | "hook";
  /** Process events it is registered for; empty for owners and hooks. */
  events: string[];
  /** The registration; absent for a hook. */
  call: Call | undefined;
  /** The function in which it is registered, or the hook itself. */
  fn: Fn;
  /** What runs. */
  listeners: Fn[];
  /** Lifecycle hits met in it. */
  hits: Hit[];
  drains: Drain[];
}

/** All endings of one program, in the order of their files. Cached. */
export function endingsOf(run: Run, project: Project): Ending[] {
  void run;
  void project;
  return [];
}
