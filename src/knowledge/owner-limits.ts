/** The option of a library that ends the process by which it is told how long to wait. */
export interface OwnerLimit {
  /** As in owners.ts. */
  owner: string;
  argument: number;
  property: string;
  /** It closes the server itself, so requests may take all of that time. */
  drains: boolean;
  /** It ends the process then; else it only stops waiting for requests. */
  ends: boolean;
}

/** Read in close-with-grace 2.5.0, http-graceful-shutdown 4.0.0 and @godaddy/terminus 4.12.1; all are milliseconds. */
export const ownerLimits: readonly OwnerLimit[] = [
  { owner: "close-with-grace", argument: 0, property: "delay", drains: false, ends: true },
  { owner: "http-graceful-shutdown", argument: 1, property: "timeout", drains: true, ends: true },
  { owner: "terminus", argument: 1, property: "timeout", drains: true, ends: false },
];
