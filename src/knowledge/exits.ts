/**
 * Calls that end the process.
 *
 * Node.js: documentation of `process`, checked with Node 20.20. Electron 45.4.1 (`app.exit` skips the quit events, `app.quit` runs
 * them first), yargs 18.2.0 (`exit` calls `process.exit` unless `exitProcess(false)`), shelljs 0.10.0 (`exit`), `exit` 0.1.2.
 * Bun has no exit of its own beyond `process.exit`. Left out because they only throw, so that `finally` and callers still
 * run: oclif's `this.exit` and `ux.exit` (ExitError), Next.js `notFound`.
 */
import type { ExitFacts } from "./schema.js";

const nodeProcess = ["process", "node:process"];

export const exits: ExitFacts[] = [
  { path: "process.exit", kind: "hard", code: 0 },
  { path: "process.reallyExit", kind: "hard", code: 0 },
  { path: "process.abort", kind: "hard" },
  { path: "process.kill", kind: "self-kill", onlyOwnPid: { argument: 0 } },
  { path: "globalThis.process.exit", kind: "hard", code: 0 },
  { path: "globalThis.process.reallyExit", kind: "hard", code: 0 },
  { path: "globalThis.process.abort", kind: "hard" },
  { path: "globalThis.process.kill", kind: "self-kill", onlyOwnPid: { argument: 0 } },
  { path: "global.process.exit", kind: "hard", code: 0 },
  { path: "global.process.reallyExit", kind: "hard", code: 0 },
  { path: "global.process.abort", kind: "hard" },
  { path: "global.process.kill", kind: "self-kill", onlyOwnPid: { argument: 0 } },
  { path: "exit", modules: nodeProcess, kind: "hard", code: 0 },
  { path: "reallyExit", modules: nodeProcess, kind: "hard", code: 0 },
  { path: "abort", modules: nodeProcess, kind: "hard" },
  { path: "kill", modules: nodeProcess, kind: "self-kill", onlyOwnPid: { argument: 0 } },
  { path: "default.exit", modules: nodeProcess, kind: "hard", code: 0 },
  { path: "default.reallyExit", modules: nodeProcess, kind: "hard", code: 0 },
  { path: "default.abort", modules: nodeProcess, kind: "hard" },
  { path: "default.kill", modules: nodeProcess, kind: "self-kill", onlyOwnPid: { argument: 0 } },
  { path: "Deno.exit", kind: "hard", code: 0 },
  { path: "globalThis.Deno.exit", kind: "hard", code: 0 },
  { path: "app.exit", modules: ["electron", "electron/main"], kind: "hard", code: 0 },
  { path: "app.quit", modules: ["electron", "electron/main"], kind: "soft" },
  { path: "default.app.exit", modules: ["electron", "electron/main"], kind: "hard", code: 0 },
  { path: "default.app.quit", modules: ["electron", "electron/main"], kind: "soft" },
  { path: "exit", modules: ["yargs"], kind: "hard", code: 0 },
  { path: "default.exit", modules: ["yargs"], kind: "hard", code: 0 },
  { path: "exit", modules: ["shelljs"], kind: "hard", code: 0 },
  { path: "default.exit", modules: ["shelljs"], kind: "hard", code: 0 },
  { path: "default", modules: ["exit"], kind: "hard", code: 0 },
];
