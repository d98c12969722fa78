import type { CallFacts, Vendor } from "../../src/knowledge/schema.js";
import type { Source } from "../edit/source.js";

/** An expression that flushes, in the forms in which it can be put before an exit. */
export interface FlushText {
  /** What `await` waits for. */
  awaited: string;
  /** The handle may be undefined: the expression may be no promise. */
  optional: boolean;
  /** The end is told to a callback: gives the call with this function as its callback. */
  toCallback?: (fn: string) => string;
  /** A statement of its own, complete without `await`. */
  sync?: true;
}

/** What is called, and what the tables say of it. */
export interface Target {
  /** The handle's expression; empty for a function that was imported by its name. */
  handle: string;
  name: string;
  facts: CallFacts;
  vendor: Vendor;
  /** The call is on a part of a pipeline, whose exporter has a time limit of its own. */
  pipeline: boolean;
  optional: boolean;
}

/** A second or two for what is under way, a little longer where connections are closed as well. */
const LIMIT_MILLIS = { flush: 2000, close: 3000 };

/** The text of a flush; undefined where its end cannot be waited for. */
export function writeFlush(source: Source, target: Target): FlushText | undefined {
  const { handle, name, facts, optional } = target;
  const callee = handle === "" ? name : `${handle}${optional ? "?." : "."}${name}`;
  switch (facts.style) {
    case "promise":
    case "promise-or-callback": {
      const call = `${callee}(${limitOf(source, target)})`;
      return { awaited: canReject(target) ? `${call}.catch(console.error)` : call, optional };
    }
    case "wrapper":
      return { awaited: `${callee}().promise`, optional };
    case "sync":
      return { awaited: `${callee}()`, optional, sync: true };
    case "callback":
    case "event":
      return optional ? undefined : promised(source, target);
    case "fire-and-forget":
      return undefined;
  }
}

/** Told by a callback or an event: the table gives an expression that can be awaited. */
function promised(source: Source, { handle, name, facts }: Target): FlushText | undefined {
  if (facts.awaitable === undefined) return undefined;
  const quoted = facts.awaitable.replaceAll('"', source.style.quote);
  const awaited = handle === "" ? quoted.replaceAll(`$.${name}`, name) : quoted.replaceAll("$", () => handle);
  if (awaited.includes("$")) return undefined;
  const direct = /^new Promise\(\(resolve\) => ([^{].*)\)$/.exec(awaited)?.[1];
  if (direct === undefined) return { awaited, optional: false };
  return {
    awaited,
    optional: false,
    toCallback: (fn) => direct.replace(/\(\) => resolve\(undefined\)|\bresolve\b/, () => fn),
  };
}

function limitOf(source: Source, { facts, pipeline }: Target): string {
  const { timeout, role } = facts;
  if (!timeout || pipeline || timeout.argument !== 0) return "";
  const millis = role === "flush" ? LIMIT_MILLIS.flush : LIMIT_MILLIS.close;
  const limit = String(timeout.unit === "s" ? millis / 1000 : millis);
  if (timeout.property === undefined) return limit;
  return source.style.spaced ? `{ ${timeout.property}: ${limit} }` : `{${timeout.property}: ${limit}}`;
}

/** The limit that a call without one should get, as an argument; empty when it ends by itself. */
export function missingLimit(source: Source, target: Target): string {
  return target.facts.timeout?.defaultMillis === null ? limitOf(source, target) : "";
}

/** A rejection has to be expected where any version or sibling of the call is known to reject. */
export function canReject({ facts, name, vendor }: Pick<Target, "facts" | "name" | "vendor">): boolean {
  if (facts.rejects) return true;
  return vendor.packages.some((p) =>
    [p.exports, ...(p.majors ?? []).map((m) => m.exports ?? {})].some((exports) =>
      Object.entries(exports).some(([exported, e]) => {
        if (e.kind === "function") return exported === name && e.rejects === true;
        const member = e.kind === "class" ? e.members[name] : undefined;
        return member !== undefined && "role" in member && member.rejects === true;
      }),
    ),
  );
}
