import { runnersOf } from "../../src/program/runners.js";
import type { Fn, Module } from "../../src/syntax/ir.js";
import type { Node } from "../../src/syntax/parse.js";
import { calledName, child, isFunction, list, openSource, type Source } from "../edit/source.js";
import { siblingsOf } from "../exit/site.js";
import type { Scene } from "./scene.js";

/** A web app where it is made. */
export interface App {
  source: Source;
  module: Module;
  fn: Fn;
  /** How it is written: `app`, `this.app`. */
  name: string;
  /** The statement that makes it, and the list in which that stands. */
  statement: Node;
  siblings: Node[];
}

/** The app whose failures are lost; undefined where it has no name. */
export function appOf(scene: Scene): App | undefined {
  const { details, project, lost } = scene;
  const places = [details.at, ...(details.others ?? []).map((o) => o.at)];
  const runner = runnersOf(lost.run, project).find(
    (r) =>
      r.facts.name === details.runner &&
      (r.call === details.call || places.some((p) => p[0] === r.call.at[0] && p[1] === r.call.at[1])),
  );
  const source = runner && openSource(project, runner.fn.module.file);
  const made = runner && source?.at(runner.call.at, "CallExpression", "NewExpression");
  if (!runner || !source || !made) return undefined;
  for (const up of source.ancestors(made)) {
    if (isFunction(up)) return undefined;
    const id = up.type === "VariableDeclarator" ? child(up, "id") : undefined;
    const left = up.type === "AssignmentExpression" ? child(up, "left") : id;
    if (!left) continue;
    const declaration = source.parentOf(up);
    const exported = declaration && source.parentOf(declaration);
    const statement = exported?.type === "ExportNamedDeclaration" ? exported : declaration;
    const siblings = statement && siblingsOf(source, statement);
    const isPlain = /^(this\.)?[\w$]+$/.test(source.textOf(left).split(":", 1)[0]?.trim() ?? "");
    if (!siblings || !isPlain || !/Statement$|Declaration$/.test(statement.type)) return undefined;
    const name = left.type === "Identifier" ? (left.name as string) : source.textOf(left);
    return { source, module: runner.fn.module, fn: runner.fn, name, statement, siblings };
  }
  return undefined;
}

/** The first call of a method of the app that a statement is: `app.use(...)` and its links. */
export function usesIn(source: Source, statement: Node, app: string): Node[] {
  const found: Node[] = [];
  let e = child(statement, "expression");
  if (e?.type === "AwaitExpression") e = child(e, "argument");
  for (; e?.type === "CallExpression"; e = child(child(e, "callee"), "object")) found.push(e);
  const root = child(child(found.at(-1), "callee"), "object");
  return root && source.textOf(root) === app ? found.reverse() : [];
}

const ROUTES = /^(get|post|put|patch|delete|del|all|use|options|head|route|openapi|register|mount)$/;

/** A statement that adds routes or middlewares to an app, be it through a function that is given it. */
export function isRoute(source: Source, statement: Node, app: string): boolean {
  const uses = usesIn(source, statement, app);
  if (uses.length > 0)
    return uses.some(
      (c) => ROUTES.test(calledName(c) ?? "") && !isSetting(c) && !isErrorMiddleware(source, c),
    );
  const call = callOf(statement);
  const name = call ? (calledName(call) ?? "") : "";
  return (
    call !== undefined &&
    list(call, "arguments").some((a) => source.textOf(a) === app) &&
    !ENDS.test(name) &&
    !/^setup\w*ErrorHandler$/.test(name)
  );
}

/** `app.get("port")`. */
const isSetting = (call: Node): boolean => calledName(call) === "get" && list(call, "arguments").length < 2;

const ENDS = /^(listen|createServer|serve|handle|createAdaptorServer)$/;

/** A call as a statement, awaited or handed to something. */
function callOf(statement: Node): Node | undefined {
  let e = child(statement, "expression");
  if (e?.type === "AwaitExpression" || e?.type === "UnaryExpression") e = child(e, "argument");
  return e?.type === "CallExpression" ? e : undefined;
}

/** `app.use((err, req, res, next) => ...)`, or such a function by a name that says so. */
export function isErrorMiddleware(source: Source, call: Node): boolean {
  if (calledName(call) !== "use") return false;
  return list(call, "arguments").some((a) => {
    if (isFunction(a)) return (a.params as Node[]).length === 4;
    return /error|failure|exception/i.test(source.textOf(a)) && a.type !== "Literal";
  });
}
