import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, list, type Source } from "../edit/source.js";
import { outcomeOf } from "./awaitable.js";
import { calledAt, type Called } from "./called.js";
import { placeOf } from "./place.js";

/** What the statements of a listener do. */
export interface Split {
  /** Statements that flush, in order, and those that record something for the flush to send. */
  flushes: { statement: Node; called: Called | undefined }[];
  /** What else the listener does in time. */
  rest: Node[];
}

/** Statements that only talk go wherever the flush goes. */
const TALK = /^(console|log|logger|process\.std(out|err))\b/;

/** The statements of a listener, by what they do; undefined where a flush is inside of something else. */
export function splitOf(project: Project, source: Source, listener: Node): Split | undefined {
  const body = child(listener, "body");
  if (!body) return undefined;
  const statements = body.type === "BlockStatement" ? list(body, "body") : [body];
  const split: Split = { flushes: [], rest: [] };
  let waited = false;
  let found = false;
  for (const statement of statements) {
    const called = flushIn(project, source, statement);
    if (called || captures(project, source, statement)) split.flushes.push({ statement, called });
    // behind the first await nothing ran
    else if (!waited) split.rest.push(statement);
    found ||= called !== undefined;
    waited ||= called !== undefined && awaitsIn(source, statement);
  }
  const behind = statements.length - split.rest.length - split.flushes.length;
  if (split.rest.every((s) => TALK.test(source.textOf(s)))) split.rest = [];
  else if (split.flushes.some((f) => f.statement.type === "VariableDeclaration")) return undefined;
  return found && (split.rest.length === 0 || behind === 0) ? split : undefined;
}

/** The statement itself waits, in the function that it stands in. */
export function awaitsIn(source: Source, statement: Node): boolean {
  const fn = source.functionOf(statement);
  for (const node of source.nodes())
    if (
      node.type === "AwaitExpression" &&
      statement.start <= node.start &&
      node.end <= statement.end &&
      source.functionOf(node) === fn
    )
      return true;
  return false;
}

function captures(project: Project, source: Source, statement: Node): boolean {
  const call = child(statement, "expression");
  const module = project.module(source.file);
  const known = call && module?.calls.find((c) => c.call.at[0] === call.start && c.call.at[1] === call.end);
  return (
    !!module &&
    !!known &&
    project.values.callee(known.call.callee, module).some((v) => {
      const facts =
        v.v === "member" ? v.member.facts : v.v === "sdk" && v.sdk.is === "call" ? v.sdk.facts : undefined;
      return facts?.role === "capture";
    })
  );
}

function flushIn(project: Project, source: Source, statement: Node): Called | undefined {
  for (const node of source.nodes()) {
    if (node.type !== "CallExpression" || node.start < statement.start || node.end > statement.end) continue;
    const called = calledAt(project, source, node);
    if (!called?.target && !called?.fns.some((f) => f.async || outcomeOf(project, called).rejects)) continue;
    const place = placeOf(source, node);
    const direct = place?.is === "given" ? place.fn === source.parentOf(statement) : source.parentOf(node);
    if (place && direct) return called;
  }
  return undefined;
}
