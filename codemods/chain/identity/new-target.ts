import type { Edit } from "../../../src/finding.js";
import type { Node } from "../../../src/syntax/parse.js";
import { child, list, nameOf, openSource, type Source } from "../../edit/source.js";
import type { ChainRepair } from "../../edit/repair.js";

/** Hands on what was called with `new`: `Reflect.construct(target, args, newTarget)`. */
export const repairNewTarget: ChainRepair = ({ fn, call, parts }, project) => {
  const source = openSource(project, fn.module.file);
  const target = parts?.[0];
  const trap = source?.at(fn.at, "FunctionExpression", "ArrowFunctionExpression", "FunctionDeclaration");
  const site = call && source?.at(call.at, "NewExpression", "CallExpression");
  if (!source || !target || !trap || !site) return undefined;
  const third = thirdParameter(source, trap);
  if (!third) return undefined;
  const edits =
    site.type === "NewExpression" ? rebuilt(source, site, third.name) : handedOn(site, source, third.name);
  return {
    level: "safe",
    title: "Hand newTarget on to the wrapped class",
    edits: [...third.edits, ...edits],
  };
};

interface Third {
  name: string;
  edits: Edit[];
}

/** The third parameter of the trap, with the edits that declare it; undefined where a parameter takes a default or all that is left. */
function thirdParameter(source: Source, trap: Node): Third | undefined {
  const params = list(trap, "params");
  const [first, second, third] = params;
  if (third) return third.type === "Identifier" ? { name: nameOf(third) ?? "", edits: [] } : undefined;
  if (params.some((p) => p.type === "RestElement" || p.type === "AssignmentPattern")) return undefined;
  const name = freeName(source, trap, "newTarget");
  const typed = [first, second].some((p) => child(p, "typeAnnotation") !== undefined);
  const written = typed && source.isTypeScript && !hasContext(source, trap) ? `${name}: Function` : name;
  if (!first) {
    const open = source.text.indexOf("(", trap.start);
    const names = [freeName(source, trap, "_target"), freeName(source, trap, "_args"), written];
    return open < 0 || open > (child(trap, "body")?.start ?? 0)
      ? undefined
      : { name, edits: [source.insert(open + 1, names.join(", "))] };
  }
  const last = second ?? first;
  const before = second ? "" : `, ${freeName(source, trap, "_args")}`;
  // `target => ...` has no parentheses to put another one into
  const bare =
    source.text[trap.start] !== "(" &&
    trap.type === "ArrowFunctionExpression" &&
    !second &&
    source.text.slice(trap.start, first.start).trim() === "";
  if (bare)
    return {
      name,
      edits: [source.replace(first.start, first.end, `(${source.textOf(first)}${before}, ${written})`)],
    };
  return { name, edits: [source.insert(last.end, `${before}, ${written}`)] };
}

/** The handler is written where the `Proxy` is made, so that the parameters of its traps have types. */
function hasContext(source: Source, trap: Node): boolean {
  const [, handler, maker] = source.ancestors(trap);
  return handler?.type === "ObjectExpression" && /^(?:New|Call)Expression$/.test(maker?.type ?? "");
}

/** The name, with a number where the trap has it already. */
function freeName(source: Source, trap: Node, name: string): string {
  const text = source.textOf(trap);
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? name : `${name}${String(i)}`;
    if (!new RegExp(`\\b${candidate}\\b`).test(text)) return candidate;
  }
}

/** `new target(...args)`. */
function rebuilt(source: Source, site: Node, newTarget: string): Edit[] {
  const callee = child(site, "callee");
  if (!callee) return [];
  const args = list(site, "arguments");
  const [only] = args;
  const whole = args.length === 1 && only?.type === "SpreadElement" ? child(only, "argument") : undefined;
  const [from, to] = [args[0]?.start ?? site.end, args.at(-1)?.end ?? site.end];
  const given = whole ? source.textOf(whole) : args.length === 0 ? "[]" : `[${source.text.slice(from, to)}]`;
  return [
    source.replace(
      site.start,
      site.end,
      `Reflect.construct(${unparenthesised(source.textOf(callee))}, ${given}, ${newTarget})`,
    ),
  ];
}

const unparenthesised = (text: string): string => /^\(([^()]*)\)$/.exec(text)?.[1] ?? text;

/** `Reflect.construct(target, args)`. */
function handedOn(site: Node, source: Source, newTarget: string): Edit[] {
  const last = list(site, "arguments").at(-1);
  return last ? [source.insert(last.end, `, ${newTarget}`)] : [];
}
