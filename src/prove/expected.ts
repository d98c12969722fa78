import type { Item, Signal } from "./receivers/protocol.js";

/** What a program records: how many of each signal, or their names where they are known. */
export type Expected = Partial<Record<Signal, number | string[]>>;

/** Signals with how many of each there are; a signal of which there are none is left out. */
export type Counts = Partial<Record<Signal, number>>;

/** What did not arrive: how many of each signal, and which ones where the names are known. */
export interface Loss {
  counts: Counts;
  names: string[];
}

/** How many items there are in all. */
export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Compares what was recorded with what arrived. More than expected is no loss: SDKs record some things by themselves. */
export function lossOf(expected: Expected, arrived: readonly Item[]): Loss {
  const loss: Loss = { counts: {}, names: [] };
  for (const [signal, wanted] of Object.entries(expected) as [Signal, number | string[]][]) {
    const names = arrived.filter((item) => item.signal === signal).map((item) => item.name);
    let missing: number;
    if (typeof wanted === "number") {
      missing = Math.max(0, wanted - names.length);
    } else {
      const lost = wanted.filter((name) => {
        const at = names.indexOf(name);
        if (at !== -1) names.splice(at, 1);
        return at === -1;
      });
      loss.names.push(...lost);
      missing = lost.length;
    }
    if (missing > 0) loss.counts[signal] = missing;
  }
  return loss;
}

/** `3 spans, 1 events`; `nothing` for no counts. */
export function describeCounts(counts: Counts): string {
  const parts = Object.entries(counts).map(([signal, count]) => `${count} ${signal}`);
  return parts.length === 0 ? "nothing" : parts.join(", ");
}
