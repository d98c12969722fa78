import { spawn, type ChildProcess } from "node:child_process";

/**
 * Sends `signal` the way it reaches a service: SIGINT as a terminal does, to the whole group; any other to the process alone, as a
 * container runtime does.
 */
export function signalChild(child: ChildProcess, signal: NodeJS.Signals): void {
  if (signal === "SIGINT") signalGroup(child, signal);
  else child.kill(signal);
}

/** Ends a process that was started as the leader of its own group, and everything in that group, at once. */
export function killTree(child: ChildProcess): void {
  if (process.platform !== "win32") return signalGroup(child, "SIGKILL");
  // Windows has no process groups; taskkill follows the parent ids, which only a living process still has.
  if (child.pid === undefined || child.exitCode !== null) return;
  spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { stdio: "ignore" }).unref();
}

/** Sends `signal` to everything in the group whose leader is `child`. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
  } catch (error) {
    // ESRCH: all of it has ended already. EPERM: macOS says so of a group of zombies.
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
