import type { Edit } from "../../../src/finding.js";
import type { Node } from "../../../src/syntax/parse.js";
import { calledName, child, isFunction, list, nameOf, type Source } from "../../edit/source.js";
import { atDepth, freeName, lastThrow, returnsIn, textWithout } from "../../edit/bodies.js";
import { chainOf } from "./on-the-side.js";

/**
 * `promise.then(watch).catch(fail)` becomes `promise.asResponse().catch(fail)` and `promise._thenUnwrap(watch)`, which reads the body
 * once and gives a promise of the SDK. Undefined for longer chains, and where a failure is kept from the caller.
 * @param call the outermost call of the chain
 */
export function byTheSdk(source: Source, call: Node): Edit[] | undefined {
  const [last, ...before] = chainOf(call);
  const then = before.at(-1) ?? last;
  const callee = child(then, "callee");
  const root = child(callee, "object");
  const property = child(callee, "property");
  if (!then || !root || !property || calledName(then) !== "then" || before.length > 1) return undefined;
  if (isPlain(source, root)) return undefined;
  const [watch, second] = list(then, "arguments");
  const caught = last && last !== then ? list(last, "arguments")[0] : undefined;
  if (!watch || !last || (last !== then && calledName(last) !== "catch") || (second && caught))
    return undefined;
  const renamed = source.replace(property.start, property.end, "_thenUnwrap");
  const fail = second ?? caught;
  if (!fail) return [renamed];
  return besides(source, call, root, then, watch, fail, renamed);
}

/** The failure is heard of in a statement of its own. */
function besides(
  source: Source,
  call: Node,
  root: Node,
  then: Node,
  watch: Node,
  fail: Node,
  renamed: Edit,
): Edit[] | undefined {
  const thrown = isFunction(fail) ? lastThrow(fail) : undefined;
  if (!thrown || returnsIn(child(fail, "body")).length > 0) return undefined;
  const statement = [...source.ancestors(call)].find((n) =>
    /^(?:ReturnStatement|VariableDeclaration)$/.test(n.type),
  );
  if (!statement || source.functionOf(statement) !== source.functionOf(call)) return undefined;
  if (source.parentOf(statement)?.type !== "BlockStatement") return undefined;
  const known = nameOf(root);
  const name = known ?? freeName(source, call, "pending");
  if (name === undefined) return undefined;
  const { semicolon } = source.style;
  const indent = source.indentAt(statement.start);
  const first = known ? "" : `const ${name} = ${source.textOf(root)}${semicolon}\n${indent}`;
  const handler = atDepth(textWithout(source, fail, thrown), source.indentAt(fail.start), indent);
  // what the handler itself throws nobody asks for
  const quiet = fail.async === true ? ".catch(() => {})" : "";
  const heard = `${name}.asResponse().catch(${handler})${quiet}${semicolon}\n${indent}`;
  return [
    source.insert(statement.start, first + heard),
    ...(known ? [] : [source.replace(root.start, root.end, name)]),
    renamed,
    source.replace(watch.end, then.end, ")"),
    ...(call === then ? [] : [source.replace(then.end, call.end, "")]),
  ];
}

/** A parameter that is declared as any promise: its type has no `_thenUnwrap`. */
function isPlain(source: Source, root: Node): boolean {
  if (root.type !== "Identifier") return false;
  for (const up of source.ancestors(root))
    for (const param of isFunction(up) ? list(up, "params") : [])
      if (nameOf(param) === root.name) {
        const type = child(child(param, "typeAnnotation"), "typeAnnotation");
        return type !== undefined && /^Promise(?:Like)?\b/.test(source.textOf(type));
      }
  return false;
}
