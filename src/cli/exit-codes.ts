/** What the exit code of every command means. */
export const exitCodes = {
  /** Nothing found, nothing pending. */
  clean: 0,
  /** Findings, or repairs pending. */
  findings: 1,
  /** The job could not be done: bad arguments, a refusal, a crash. */
  failed: 2,
} as const;

/** Why a command could not do its job, in words for the person who typed it. */
export class CannotRun extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CannotRun";
  }
}
