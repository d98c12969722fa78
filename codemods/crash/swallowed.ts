import type { Fn } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import type { Source } from "../edit/source.js";
import { nodeOf } from "../flush/helpers.js";
import { errorOfClause, errorParameter } from "./caught.js";
import { complete, type Completed, sendIt, type Wanted } from "./complete.js";
import { endsProcess } from "./doings.js";
import { workOf } from "./entry.js";
import { openAt, type Scene } from "./scene.js";
import { tellAt } from "./tell.js";
import { errorNameIn, failed, functionText } from "./words.js";

/** Completes the `catch` of an entry, be it a clause, a callback, or a function by its name. */
export function completeCatch(scene: Scene): Completed | undefined {
  const { details } = scene;
  const opened = openAt(scene, details.fn);
  if (!opened) return undefined;
  const { source, module } = opened;
  const clause = source.at(details.at, "CatchClause");
  const work = workOf(details.call && source.at(details.call.at, "CallExpression"));
  const end = endOf(scene);
  if (clause) {
    const error = errorOfClause(source, clause);
    return (
      error &&
      joined(
        error.edits,
        complete(scene, { source, module, node: clause, fn: details.fn }, { error, work, end }),
      )
    );
  }
  const node = source.at(details.at, ...FUNCTIONS, "Identifier", "MemberExpression");
  if (!node) return undefined;
  if (FUNCTIONS.includes(node.type))
    return details.handler && completeFunction(scene, details.handler, { work, end });
  if (details.handler && exitsIn(scene, details.handler))
    return completeFunction(scene, details.handler, { work, end });
  return wrapped(scene, source, node, work);
}

const FUNCTIONS = ["ArrowFunctionExpression", "FunctionExpression"];

/**
 * How a failed entry ends where it does not end the process itself. What is sent by itself only lacks the exit code that says so. The
 * others have to be closed, and a service without its entry and its telemetry is no use to anybody.
 */
const endOf = ({ facts, lost }: Scene): Wanted["end"] =>
  facts.reporter || lost.vendor.naturalEndDelivers ? "code" : "exit";

const exitsIn = ({ project }: Scene, fn: Fn): boolean =>
  fn.module.calls.some(
    ({ call }) => fn.at[0] <= call.at[0] && call.at[1] <= fn.at[1] && endsProcess(project, call, fn.module),
  );

/** Completes a function that is given the error. */
export function completeFunction(
  scene: Scene,
  fn: Fn,
  wanted: Omit<Wanted, "error">,
  type: "any" | "unknown" | "error" = "any",
): Completed | undefined {
  const opened = openAt(scene, fn);
  const node = opened && nodeOf(opened.source, fn);
  const error = node && errorParameter(opened.source, node, type);
  return error && joined(error.edits, complete(scene, { ...opened, node, fn }, { ...wanted, error }));
}

const joined = (edits: Completed["edits"], done: Completed | undefined): Completed | undefined =>
  done && { ...done, edits: [...edits, ...done.edits] };

/** A function that is handed in by its name, or by an expression: called from one that tells the SDK as well. */
function wrapped(scene: Scene, source: Source, node: Node, work: string): Completed | undefined {
  const { details } = scene;
  const module = details.fn.module;
  const name = errorNameIn(source);
  const end = endOf(scene);
  const told = tellAt(scene, { source, module, node, fn: details.fn }, { name, type: "any" }, work);
  const sent = told && (end === "exit" ? sendIt(scene, { source, fn: details.fn }, node, told) : told);
  if (!sent || sent.statements.length === 0) return undefined;
  const last = failed(source, end === "exit");
  const statements = [`${source.textOf(node)}(${name})`, ...sent.statements, last];
  const isAsync = statements.some((s) => s.startsWith("await "));
  const outer = source.indentAt(node.start);
  const text = functionText(source, { isAsync, param: name, statements, outer });
  const imports = [...told.edits, ...sent.edits];
  return {
    edits: [...imports, source.replace(node.start, node.end, text)],
    safe: false,
  };
}
