import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, isFunction, type Source } from "../edit/source.js";
import { siblingsOf } from "../exit/site.js";
import { takenNames } from "../flush/names.js";
import { openAt, type Scene } from "./scene.js";
import type { Spot } from "./tell.js";
import { functionText, moved } from "./words.js";

/** Where a runner is made. */
export interface Making {
  source: Source;
  /** The call that makes it. */
  node: Node;
  spot: Spot;
  /** For a worker of a cluster that is made once for each: where one listener hears of all of them, and on what. */
  cluster: { before: Node; name: string } | undefined;
  /** What a runner without a name is to be called. */
  wished: string;
}

/** A listener for one event. */
export interface Listener {
  /** `.on`, `.once`, `.events.on`. */
  on: string;
  /** As it is written, `$` standing for the runner. */
  event: string;
  params: string;
  statements: readonly string[];
  /** Listening hands the runner back, so that it can stand wherever that is made. */
  chains: boolean;
}

export function openMaking(scene: Scene): Making | undefined {
  const { details } = scene;
  const opened = openAt(scene, details.fn);
  const node = details.call && opened?.source.at(details.call.at, "CallExpression", "NewExpression");
  if (!opened || !node) return undefined;
  const { source, module } = opened;
  const words = (details.runner ?? "runner").split(" ");
  const last = words.at(-1) ?? "runner";
  const wished = { thread: "worker", process: "child" }[last] ?? last.toLowerCase();
  return {
    source,
    node,
    spot: { source, module, node, fn: details.fn },
    cluster: details.runner === "cluster worker" ? clusterOf(source, node) : undefined,
    wished,
  };
}

/** Workers that the primary makes one after the other, in a branch for it alone. */
function clusterOf(source: Source, node: Node): Making["cluster"] {
  const callee = child(node, "callee");
  const object = child(callee, "object");
  let before: Node | undefined;
  for (const up of source.ancestors(node)) {
    if (isFunction(up)) return undefined;
    if (/^(For|While|DoWhile)\w*Statement$/.test(up.type)) before = up;
    if (up.type === "ExpressionStatement" && !before) before = up;
    const test = up.type === "IfStatement" ? child(up, "test") : undefined;
    if (test && /\bis(Primary|Master)\b/.test(source.textOf(test)))
      return before && object && siblingsOf(source, before)
        ? { before, name: source.textOf(object) }
        : undefined;
  }
  return undefined;
}

/** The edits that add a listener; undefined where the runner cannot be had. */
export function attach(making: Making, listener: Listener): Edit[] | undefined {
  const { source, cluster } = making;
  if (cluster) {
    const indent = source.indentAt(cluster.before.start);
    const text = listen(source, listener, cluster.name, indent);
    return source.isFirstOnLine(cluster.before.start)
      ? [source.insert(cluster.before.start, `${text}${source.style.semicolon}\n${indent}`)]
      : undefined;
  }
  return behind(making, listener) ?? chained(making, listener);
}

/** As a statement behind the one that makes it, which gives it a name if it has none. */
function behind({ source, node, wished }: Making, listener: Listener): Edit[] | undefined {
  let made = node;
  let up = source.parentOf(made);
  while (
    up &&
    /^(AwaitExpression|TS(As|NonNull|Satisfies)Expression|ParenthesizedExpression)$/.test(up.type)
  ) {
    made = up;
    up = source.parentOf(made);
  }
  // a promise of a runner is none yet
  if (listener.on.startsWith(".events") && made.type !== "AwaitExpression") return undefined;
  const put = (statement: Node | undefined, name: string, edits: Edit[]): Edit[] | undefined => {
    const exported = statement && source.parentOf(statement);
    const whole = exported?.type === "ExportNamedDeclaration" ? exported : statement;
    if (!whole || !siblingsOf(source, whole)) return undefined;
    const indent = source.indentAt(whole.start);
    const text = listen(source, listener, name, indent);
    return [...edits, source.insert(whole.end, `\n${indent}${text}${source.style.semicolon}`)];
  };
  if (up?.type === "VariableDeclarator") {
    const id = child(up, "id");
    return id?.type === "Identifier" ? put(source.parentOf(up), id.name as string, []) : undefined;
  }
  if (up?.type === "AssignmentExpression" && child(up, "right") === made) {
    const left = child(up, "left");
    const isPlain = left && /^[\w$.#]+(\[[\w$.]+\])?$/.test(source.textOf(left));
    const statement = source.parentOf(up);
    return isPlain && statement?.type === "ExpressionStatement"
      ? put(statement, source.textOf(left), [])
      : undefined;
  }
  if (up?.type !== "ExpressionStatement") return undefined;
  const name = takenNames(source).has(wished) ? undefined : wished;
  return name === undefined ? undefined : put(up, name, [source.insert(up.start, `const ${name} = `)]);
}

/** Right behind the call that makes it, wherever that stands. */
function chained({ source, node }: Making, listener: Listener): Edit[] | undefined {
  if (!listener.chains) return undefined;
  const up = source.parentOf(node);
  // `new Worker(...)` without its parentheses cannot be followed by a member
  if (source.text[node.end - 1] !== ")" || (up?.type === "NewExpression" && child(up, "callee") === node))
    return undefined;
  return [source.insert(node.end, listen(source, listener, "", source.indentAt(node.start)))];
}

function listen(source: Source, listener: Listener, name: string, outer: string): string {
  const { on, event, params, statements } = listener;
  const isAsync = statements.some((s) => s.startsWith("await "));
  const fn = functionText(source, { isAsync, param: params, statements, outer: "" });
  return `${name}${on}(${event.replace("$", name)}, ${moved(fn, outer).slice(outer.length)})`;
}
