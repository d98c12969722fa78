import type { SdkClass } from "../../src/facts/lookup.js";
import type { CallFacts, Vendor } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";
import type { NamedCall } from "../ending/members.js";
import type { Page } from "../ending/page.js";
import { factsOf } from "../flush/versions.js";
import { writeFlush } from "../flush/write.js";

/** What is closed, and how it is written. */
export interface Closed {
  /** The handle's expression; empty for a function that is called by its name. */
  handle: string;
  name: string;
  facts: CallFacts;
  vendor: Vendor;
  /** What the handle is in its pipeline, which has time limits of its own. */
  part: string | undefined;
  optional: boolean;
}

/** The text of a close that can be awaited and does not reject, and whether its argument says a time limit; undefined when nothing can be waited for. */
export function awaitedText(
  page: Page,
  { handle, name, facts, vendor, part, optional }: Closed,
): { awaited: string; bounded: boolean } | undefined {
  const pipeline = PIPELINE.test(part ?? "");
  const written = writeFlush(page, { handle, name, facts, vendor, pipeline, optional });
  if (!written || written.sync) return undefined;
  return { awaited: written.awaited, bounded: new RegExp(`\\.?${name}\\([^)]*\\d`).test(written.awaited) };
}

const PIPELINE = /^(sdk|provider|processor|reader)$/;

/** The member that closes, else the one that flushes, in the version that the project uses. */
export function closerOf(project: Project, file: string, cls: SdkClass): NamedCall | undefined {
  for (const role of ["close", "flush"] as const) {
    for (let c: SdkClass | undefined = cls, depth = 0; c && depth < 8; depth++) {
      for (const name of Object.keys(c.facts.members)) {
        const member = project.lookup.member(cls, name);
        const facts = member?.is === "call" ? factsOf(project, file, member) : undefined;
        if (facts?.role === role && facts.style !== "sync" && facts.style !== "fire-and-forget")
          return { name, facts };
      }
      c = c.facts.extends ? project.lookup.classNamed(c.vendor, c.pkg, c.facts.extends) : undefined;
    }
  }
  return undefined;
}
