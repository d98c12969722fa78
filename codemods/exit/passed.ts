import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Call } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { calledName, child, list, type Source } from "../edit/source.js";

/** An exit that is handed to a promise by its name: `main().then(process.exit)`. */
export interface PassedExit {
  source: Source;
  argument: Node;
  /** The settled value becomes the exit code. */
  takesCode: boolean;
}

/** Undefined where the exit is handed to something else, whose arguments are no exit code. */
export function passedExit(project: Project, source: Source, call: Call, node: Node): PassedExit | undefined {
  const module = project.module(source.file);
  const index = call.args.findIndex(
    (a) => module && project.values.of(a, module).some((v) => v.v === "exit"),
  );
  const argument = list(node, "arguments")[index];
  const name = calledName(node);
  if (!argument || child(node, "callee")?.type !== "MemberExpression" || index !== 0) return undefined;
  if (name === "then") return { source, argument, takesCode: true };
  return name === "finally" ? { source, argument, takesCode: false } : undefined;
}

/** The exit in a callback of its own that waits first. */
export function waitingCallback({ source, argument, takesCode }: PassedExit, statement: string): Edit {
  const { semicolon, indent } = source.style;
  const outer = source.indentAt(argument.start);
  const code = takesCode ? "code" : "";
  const exit = `${source.textOf(argument)}(${code})`;
  return source.replace(
    argument.start,
    argument.end,
    `async (${code}) => {\n${outer}${indent}${statement}${semicolon}\n${outer}${indent}${exit}${semicolon}\n${outer}}`,
  );
}
