import type { Repair } from "../../src/finding.js";
import type { CallFacts } from "../../src/knowledge/schema.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import type { Source } from "../edit/source.js";
import { limitEdits } from "./limit.js";
import { raced } from "./race.js";

/** Gives a wait the limit that the call takes, else races it against a timer. */
export function bounded(
  project: Project,
  source: Source,
  node: Node,
  timeout: CallFacts["timeout"],
): Repair | undefined {
  const edits = timeout && limitEdits(project, source, node, timeout);
  return edits ? { level: "safe", title: "Give it a time limit", edits } : raced(project, source, node);
}
