import { runners } from "../../src/knowledge/runners.js";
import type { RunnerHook } from "../../src/knowledge/schema.js";
import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { insertBefore } from "../edit/insert.js";
import { calledName, child, isFunction, list, nameOf, type Source } from "../edit/source.js";
import { awaiting } from "../exit/awaiting.js";
import { siteOf } from "../exit/site.js";
import { nodeOf } from "../flush/helpers.js";
import { intoBlock, intoExpression, statementsIn } from "./body.js";
import { errorOfClause } from "./caught.js";
import type { Mended } from "./runner-catch.js";
import { type ErrorOf, errorOfHook } from "./runner-error.js";
import { openAt, type Scene } from "./scene.js";
import { tellAt } from "./tell.js";
import { onlyServerErrors } from "./web-client-errors.js";
import { addBeforeMiddleware } from "./web-missing.js";

/**
 * A listener or hook that only logs tells the SDK as well, where it logs: what it answers itself before that is no failure. Express
 * gets the SDK's own middleware in front of the one that answers, where the SDK has one.
 */
export function tellInHook(scene: Scene): Mended | undefined {
  const { details } = scene;
  const opened = details.handler && openAt(scene, details.handler);
  const node = opened && details.handler && nodeOf(opened.source, details.handler);
  if (!opened || !details.handler || !node) return undefined;
  const { source, module } = opened;
  const vendors = addBeforeMiddleware(scene);
  if (vendors) return vendors;
  const fn = details.handler;
  const clause = catchIn(source, node, details.runner);
  const where = clause ?? node;
  const error = clause ? errorOfClause(source, clause) : errorIn(scene, source, node);
  const body = child(where, "body");
  if (!error || !body) return undefined;
  const place = placeIn(source, where, body);
  const inside = place ?? statementsIn(body)?.at(-1) ?? body;
  const told = tellAt(scene, { source, module, node: inside, fn }, error, details.runner ?? "hook");
  if (!told || told.statements.length === 0) return undefined;
  const guard = onlyServerErrors(scene, source, where, inside, error);
  const [only] = told.statements;
  const statements =
    guard.test === "" || told.statements.length > 1 || only === undefined
      ? told.statements
      : [`if (${guard.test}) ${only}${source.style.semicolon}`];
  const waits = told.statements.some((s) => s.startsWith("await "));
  const ability = waits ? awaiting(scene.project, source, node) : { edits: [], safe: true };
  const put = inFront(source, where, body, place, statements);
  if (!put || !ability) return undefined;
  const imports = [...told.edits, ...guard.edits];
  return {
    safe: imports.length === 0 && error.edits.length === 0 && ability.safe,
    edits: [...imports, ...error.edits, ...ability.edits, ...put],
  };
}

/** koa hears of errors in the `catch` of a middleware around the others. */
function catchIn(source: Source, fn: Node, runner: string | undefined): Node | undefined {
  if (runner !== "koa app") return undefined;
  const clauses = [...source.nodes()].filter(
    (n) => n.type === "CatchClause" && source.functionOf(n) === fn && child(n, "body"),
  );
  return clauses.length === 1 ? clauses[0] : undefined;
}

function errorIn(scene: Scene, source: Source, fn: Node): ErrorOf | undefined {
  const hook = hookOf(scene, source);
  return hook === "answer" || hook ? errorOfHook(scene, source, fn, hook) : undefined;
}

/** The hook of the tables through which the failure is heard; `answer` for one that is told of every answer. */
function hookOf({ details }: Scene, source: Source): RunnerHook | "answer" | undefined {
  const { runner, call } = details;
  if (runner === "hapi server") return "answer";
  const hooks = runners.filter((r) => r.name === runner).flatMap((r) => r.hooks);
  const place = call && source.at(call.at, "CallExpression", "NewExpression");
  const [event] = list(place, "arguments");
  const [first] = hooks;
  return hooks.find((h) => h.as === "event" && event?.value === h.name) ?? first;
}

const LOG = /^(console|log|logger|logging|log\w*|\w*[lL]ogger|winston|pino|debug)$/;
const LEVEL = /^(error|fatal|critical|crit|emerg|warn|warning|log|info|debug|trace|exception|failure)$/;

/** The statement that logs, else the first one behind those that answer what is no failure. */
function placeIn(source: Source, where: Node, body: Node): Node | undefined {
  const fn = isFunction(where) ? where : source.functionOf(where);
  const logs = [...source.nodes()]
    .filter(
      (n) =>
        n.type === "CallExpression" &&
        body.start <= n.start &&
        n.end <= body.end &&
        source.functionOf(n) === fn &&
        isLog(n),
    )
    .sort((a, b) => a.start - b.start);
  const [log] = logs;
  if (log) return log;
  const own = statementsIn(body);
  return own?.find((s) => !leaves(source, s) && s.type !== "VariableDeclaration");
}

function isLog(call: Node): boolean {
  let e = child(call, "callee");
  if (e?.type === "Identifier") return LOG.test(e.name as string);
  if (!LEVEL.test(calledName(call) ?? "")) return false;
  for (e = child(e, "object"); e; e = child(e, "object") ?? child(e, "callee")) {
    const name = e.type === "MemberExpression" ? nameOf(child(e, "property")) : nameOf(e);
    if (name !== undefined && LOG.test(name)) return true;
  }
  return false;
}

/** `if (...) return answer(...)`. */
const leaves = (source: Source, s: Node): boolean =>
  s.type === "IfStatement" &&
  !child(s, "alternate") &&
  /(\breturn\b[^;{}]*;?|\bthrow\b[^;{}]*;?)\s*\}?\s*$/.test(source.textOf(s));

/** The statements in front of a place, or last of all without one. */
function inFront(
  source: Source,
  where: Node,
  body: Node,
  place: Node | undefined,
  statements: readonly string[],
): Edit[] | undefined {
  const { semicolon } = source.style;
  if (place?.type === "CallExpression") {
    const site = siteOf(source, place);
    const indent = site ? source.indentAt(site.node.start) : "";
    const text = statements.map((s) => s.replace(/;$/, "")).join(`${semicolon}\n${indent}`);
    if (site) return insertBefore(site, text);
  }
  if (body.type !== "BlockStatement") return intoExpression(source, where, statements, true);
  const before = place?.type === "CallExpression" ? statementsIn(body)?.[0] : place;
  return intoBlock(source, body, [{ before, statements }]);
}
