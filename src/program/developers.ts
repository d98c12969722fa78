import type { Run } from "./program.js";

/**
 * A server that runs on the desk of those who develop the program, by the name of its file or folder: `local-server.ts`,
 * `packages/dev-server/index.ts`, `server.dev.js`. What it loses nobody misses. Names only silence.
 */
export const isForDevelopers = (file: string): boolean => SERVER.test(file);

/** Every entry of the program is one. */
export const isRunByDevelopers = (run: Run): boolean => run.entries.every((e) => isForDevelopers(e.file));

const SERVER =
  /(^|[/._-])(dev|develop(ment)?|local)[-_.]?(server|app)([-_./]|$)|(^|\/)(server|app|api)[-_.](dev|develop(ment)?|local)\.[cm]?[jt]sx?$/i;
