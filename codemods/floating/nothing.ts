import type { Repair } from "../../src/finding.js";
import type { FloatingFlush } from "../../src/program/details.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import type { Source } from "../edit/source.js";
import { canReject } from "../flush/write.js";
import { awaitableEdits } from "./awaitable.js";
import { calledAt } from "./called.js";
import { errorLog } from "./log.js";
import { placeOf } from "./place.js";
import { waitFor, within } from "./waiting.js";

/** Turns an awaited call that gives nothing to wait for into the form of it that does. */
export function awaitInEarnest(
  project: Project,
  source: Source,
  node: Node,
  { ending, flush }: FloatingFlush,
): Repair | undefined {
  const called = calledAt(project, source, node, flush);
  const place = placeOf(source, node);
  const edits = called?.target && awaitableEdits(project, source, called);
  if (!called?.target || !place || !edits || edits.length === 0) return undefined;
  const { facts } = called.target;
  const waiting =
    place.is === "awaited" ? [] : waitFor({ project, ending, seen: new Set() }, source, node)?.edits;
  if (!waiting) return undefined;
  const rejects = facts.twin !== undefined && canReject({ ...called.target, name: facts.twin });
  const caught =
    rejects && !place.caught
      ? [source.insert(place.whole.end, `.catch(${errorLog(project, source, node)})`)]
      : [];
  return {
    level: "review",
    title: facts.twin === undefined ? "Wait for its end to be told" : `Wait for ${facts.twin}()`,
    edits: within(node, waiting, [...edits, ...caught]),
  };
}
