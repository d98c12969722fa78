/**
 * Where a program stands in the lifecycle of its telemetry, at one point of one path. Several paths give several states:
 * a set of them is the bitwise or. "Live" is split by what could be lost.
 */
export const State = {
  /** Nothing is started. */
  Idle: 1,
  /** Started, and nothing has happened since. */
  Quiet: 2,
  /** Started, and synchronous code of the program ran since: nothing that takes time has happened. */
  Busy: 128,
  /** Started, and the program has worked since: what records by itself has something buffered. */
  Worked: 4,
  /** Like worked, with a promise of the program under way that nobody waits for. */
  Background: 8,
  /** Something was captured on this very path. */
  Captured: 16,
  /** A flush or close was called and is under way. */
  Closing: 32,
  /** A flush or close has come to its end. */
  Flushed: 64,
} as const;

export type States = number;

export const NONE: States = 0;
export const LIVE: States = State.Quiet | State.Busy | State.Worked | State.Background | State.Captured;

const BITS = [1, 2, 4, 8, 16, 32, 64, 128];

/** The single states of a set. */
export function each(states: States): States[] {
  return BITS.filter((bit) => (states & bit) !== 0);
}

function map(states: States, table: Partial<Record<number, number>>): States {
  let out = 0;
  for (const bit of BITS) if (states & bit) out |= table[bit] ?? bit;
  return out;
}

const AWAIT = {
  [State.Quiet]: State.Worked,
  [State.Busy]: State.Worked,
  [State.Background]: State.Worked,
  [State.Closing]: State.Flushed,
};
const WORK = { [State.Quiet]: State.Busy };
const FLOAT = {
  [State.Quiet]: State.Background,
  [State.Busy]: State.Background,
  [State.Worked]: State.Background,
};
const START = { [State.Idle]: State.Quiet };
const CAPTURE = {
  [State.Quiet]: State.Captured,
  [State.Busy]: State.Captured,
  [State.Worked]: State.Captured,
  [State.Background]: State.Captured,
};
const CLOSE = {
  [State.Quiet]: State.Closing,
  [State.Busy]: State.Closing,
  [State.Worked]: State.Closing,
  [State.Background]: State.Closing,
  [State.Captured]: State.Closing,
};
const FLUSH = {
  ...CLOSE,
  [State.Quiet]: State.Flushed,
  [State.Busy]: State.Flushed,
  [State.Worked]: State.Flushed,
  [State.Background]: State.Flushed,
  [State.Captured]: State.Flushed,
  [State.Closing]: State.Flushed,
};
const UNAWAITED = { [State.Flushed]: State.Closing };

/** Time has passed: the program worked, and what was under way is given the benefit of the doubt. */
export const afterAwait = (s: States): States => map(s, AWAIT);
/** Code ran that may have recorded something, without waiting. */
export const afterWork = (s: States): States => map(s, WORK);
/** A promise of the program was left to itself. */
export const afterFloating = (s: States): States => map(s, FLOAT);
export const afterStart = (s: States): States => map(s, START);
export const afterCapture = (s: States): States => map(s, CAPTURE);
/** A flush or close was called. */
export const afterClosing = (s: States): States => map(s, CLOSE);
/** A flush or close has ended. */
export const afterFlush = (s: States): States => map(s, FLUSH);
/** There is no handle on this path. */
export const idle = (s: States): States => (s === NONE ? NONE : State.Idle | (s & State.Flushed));
/** What was flushed only if somebody waits, and nobody does. */
export const unawaited = (s: States): States => map(s, UNAWAITED);
export const has = (s: States, bits: States): boolean => (s & bits) !== 0;
