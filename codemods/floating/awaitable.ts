import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, list, nameOf, type Source } from "../edit/source.js";
import { helperOf } from "../flush/helpers.js";
import { missingLimit, writeFlush } from "../flush/write.js";
import type { Called } from "./called.js";

/**
 * The edits that turn a call into one whose end can be awaited, with a time limit where it has none of its own. None where it
 * is one already; undefined where its end cannot be told.
 */
export function awaitableEdits(project: Project, source: Source, called: Called): Edit[] | undefined {
  const { node, target } = called;
  if (!target) return [];
  const { facts } = target;
  const args = list(node, "arguments");
  switch (facts.style) {
    case "promise":
    case "sync":
      return limitEdits(source, called);
    case "promise-or-callback":
      return callbackOf(called) ? heard(source, called) : limitEdits(source, called);
    case "wrapper": {
      const up = source.parentOf(node);
      const taken = up?.type === "MemberExpression" && nameOf(child(up, "property")) === "promise";
      return taken ? [] : [source.insert(node.end, ".promise")];
    }
    case "callback":
    case "event":
    case "fire-and-forget": {
      if (callbackOf(called)) return heard(source, called);
      if (facts.twin !== undefined) return args.length === 0 ? twin(project, source, called) : undefined;
      if (args.length > 0) return told(source, called);
      const whole = writeFlush(source, target);
      return whole && [source.replace(node.start, node.end, typed(source, whole.awaited))];
    }
  }
}

/** TypeScript takes `resolve` for no callback without parameters. */
const typed = (source: Source, awaited: string): string =>
  source.isTypeScript
    ? awaited.replace(
        /^new Promise\(\(resolve\) => (.*)\((?:resolve|\(\) => resolve\(undefined\))\)\)$/,
        "new Promise<void>((resolve) => $1(() => resolve()))",
      )
    : awaited;

/** The call keeps what it is given, and gets a callback that settles a promise. */
function told(source: Source, { node, target }: Called): Edit[] | undefined {
  const { callback, onlyWith } = target?.facts ?? {};
  const args = list(node, "arguments");
  const last = args.at(-1);
  if (!callback || !last) return undefined;
  const edits = [source.insert(node.start, "new Promise((resolve) => "), source.insert(node.end, ")")];
  if (onlyWith) {
    const options = args[onlyWith.argument];
    const properties = list(options, "properties");
    const known = properties.find((p) => nameOf(child(p, "key")) === onlyWith.property);
    const [first] = properties;
    if (options?.type !== "ObjectExpression" || !first || (known && child(known, "value")?.value !== true))
      return undefined;
    if (!known) edits.push(source.insert(first.start, `${onlyWith.property}: true, `));
  }
  if (callback.property !== undefined) {
    const final = list(args[callback.argument], "properties").at(-1);
    return final && args.length === 1
      ? [...edits, source.insert(final.end, `, ${callback.property}: resolve`)]
      : undefined;
  }
  return args.length === callback.argument ? [...edits, source.insert(last.end, ", resolve")] : undefined;
}

function limitEdits(source: Source, { node, target }: Called): Edit[] {
  if (!target || list(node, "arguments").length > 0) return [];
  const limit = missingLimit(source, target);
  return limit === "" ? [] : [source.insert(node.end - 1, limit)];
}

/** The call of the same handle or package that can be awaited, within a limit where it has none of its own. */
function twin(project: Project, source: Source, { node, target, module, call }: Called): Edit[] | undefined {
  const property = child(child(node, "callee"), "property");
  const name = target?.facts.twin;
  const { callee } = call;
  if (!target || name === undefined || !property || callee.k !== "mem") return undefined;
  const [other] = project.values
    .of({ ...callee, p: name }, module)
    .flatMap((v) =>
      v.v === "member" ? [v.member.facts] : v.v === "sdk" && v.sdk.is === "call" ? [v.sdk.facts] : [],
    );
  if (!other) return undefined;
  const limit = missingLimit(source, { ...target, name, facts: other });
  const named = source.replace(property.start, property.end, name);
  return limit === "" ? [named] : [named, source.insert(node.end - 1, limit)];
}

/** The function that the call tells its end. */
function callbackOf({ node, target }: Called): Node | undefined {
  const where = target?.facts.callback;
  if (!where) return undefined;
  const args = list(node, "arguments");
  const last = args.at(-1);
  const argument =
    args[where.argument] ?? (where.property === undefined && isFunctionValue(last) ? last : undefined);
  if (where.property === undefined) return argument;
  const property = list(argument, "properties").find((p) => nameOf(child(p, "key")) === where.property);
  return child(property, "value");
}

const isFunctionValue = (node: Node | undefined): boolean =>
  node?.type === "ArrowFunctionExpression" || node?.type === "FunctionExpression";

/** The callback that is there also settles a promise; undefined where it is no function written in place. */
function heard(source: Source, called: Called): Edit[] | undefined {
  const callback = callbackOf(called);
  const body = child(callback, "body");
  const params = callback?.params;
  if (!callback || !body || !isFunctionValue(callback) || !Array.isArray(params)) return undefined;
  if (source.text.slice(called.node.start, called.node.end).includes("resolve")) return undefined;
  const { semicolon, indent } = source.style;
  const open = source.isTypeScript ? "new Promise<void>((resolve) => " : "new Promise((resolve) => ";
  const around = [source.insert(called.node.start, open), source.insert(called.node.end, ")")];
  if (body.type !== "BlockStatement") {
    const outer = source.indentAt(callback.start);
    const step = `\n${outer}${indent}`;
    return [
      ...around,
      source.replace(
        body.start,
        body.end,
        `{${step}${source.textOf(body)}${semicolon}${step}resolve()${semicolon}\n${outer}}`,
      ),
    ];
  }
  const statements = list(body, "body");
  const last = statements.at(-1);
  if (statements.some((s) => s.type === "ReturnStatement" || s.type === "ThrowStatement")) return undefined;
  if (!last) return [...around, source.replace(callback.start, callback.end, "resolve")];
  const gap = source.isFirstOnLine(last.start) ? `\n${source.indentAt(last.start)}` : " ";
  return [...around, source.insert(last.end, `${gap}resolve()${semicolon}`)];
}

/** Whether the promise of a call can reject, and whether there may be none at all. */
export function outcomeOf(project: Project, { target, fns }: Called): { rejects: boolean; maybe: boolean } {
  if (target) return { rejects: target.facts.rejects === true, maybe: false };
  const vendors = new Set(project.runs().flatMap((r) => [...r.started.keys()]));
  for (const fn of fns)
    for (const vendor of vendors) {
      const helper = helperOf(project, fn, vendor);
      if (helper) return { rejects: helper.rejects, maybe: helper.mayGiveNothing };
    }
  return { rejects: false, maybe: false };
}
