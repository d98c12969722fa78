import type { Edit } from "../../../src/finding.js";
import type { ChainBreak } from "../../../src/program/details.js";
import type { Node } from "../../../src/syntax/parse.js";
import { asyncEdits } from "../../edit/async.js";
import { child, childrenOf, isFunction, openSource, type Source } from "../../edit/source.js";
import { holderAt, isResolved, nodeOf, promiseType, statementsOf, withMethods } from "../../edit/methods.js";
import type { ChainRepair } from "../../edit/repair.js";

/** The method hands the call on to what is wrapped; one that is not there is written. */
export const repairLifecycle: ChainRepair = (broken, project) => {
  const { fn, at, names } = broken;
  const source = openSource(project, fn.module.file);
  const [, inner = "", ...methods] = names;
  const [method] = methods;
  if (!source || method === undefined) return undefined;
  const title = `Hand ${methods.map((name) => `\`${name}\``).join(" and ")} on to \`${inner}\``;
  const holder = holderAt(source, at[0]);
  if (holder) {
    const written = methods.map((name) => ({ name, ...handingOn(name, broken, source) }));
    const edit = withMethods(
      source,
      holder,
      written.map(({ name, call, many }) => ({
        name,
        async: many,
        body: `${many ? "await" : "return"} ${call}`,
      })),
    );
    return edit && { level: "safe", title, edits: [edit] };
  }
  const node = nodeOf(source, fn);
  const edits = node && handedOn(source, node, method, broken);
  return edits && { level: edits.length > 1 ? "review" : "safe", title, edits };
};

/** The call that hands a method on: to one, or to each of a list. */
function handingOn(method: string, { names, parts, call }: ChainBreak, source: Source) {
  const [noun, inner = ""] = names;
  const many = (parts ?? []).length > 0;
  const given = call?.callee.k === "mem" ? call.callee : undefined;
  // the flush of an exporter is not required of it
  const isOptional = method === "forceFlush" && (noun === "exporter" || given?.p === "export");
  const ask = `.${method}${isOptional ? "?." : ""}()`;
  if (!many) {
    const one = `${inner}${given?.optional ? "?" : ""}${ask}`;
    return { many, call: isOptional || given?.optional ? `${one} ?? Promise.resolve()` : one };
  }
  const name = given?.o.k === "id" ? given.o.name : "inner";
  const each = source.text.includes(`${inner}.forEach(`) || isArray(inner, source);
  return {
    many,
    call: each
      ? `Promise.all(${inner}.map((${name}) => ${name}${ask}))`
      : `Promise.all(Array.from(${inner}, (${name}) => ${name}${ask}))`,
  };
}

/** A field or parameter that is annotated as an array, or begins as one. */
const isArray = (inner: string, { text }: Source): boolean =>
  new RegExp(
    `${inner.replace(/^this\.#?/, "")}\\??(?::\\s*(?:readonly\\s+)?(?:[\\w.]+\\[\\]|(?:Readonly)?Array<)|\\s*=\\s*\\[)`,
  ).test(text);

/** The edits in a method that is there: what it returns is the promise of the call. */
function handedOn(source: Source, node: Node, method: string, broken: ChainBreak): Edit[] | undefined {
  const { call, many } = handingOn(method, broken, source);
  const body = child(node, "body");
  if (!body) return undefined;
  if (body.type !== "BlockStatement")
    return isResolved(body)
      ? [source.replace(body.start, body.end, many ? `${call}.then(() => undefined)` : call)]
      : undefined;
  const statements = statementsOf(node);
  if (statements.some((s, i) => leaves(s, i === statements.length - 1))) return undefined;
  const last = statements.at(-1);
  const isAsync = node.async === true || many;
  const statement = `${isAsync ? "await" : "return"} ${call}${source.style.semicolon}`;
  const typed = isAsync ? asyncEdits(source, node) : promiseType(source, node);
  if (!typed) return undefined;
  if (last?.type === "ReturnStatement") {
    const both = besides(source, last, call, isAsync);
    return [...typed, source.replace(last.start, last.end, both ?? statement)];
  }
  const outer = source.indentAt(node.start);
  const inner = outer + source.style.indent;
  if (last) return [...typed, source.insert(last.end, `\n${source.indentAt(last.start)}${statement}`)];
  // what a comment in an empty body says is that nothing is done
  return [...typed, source.replace(body.start, body.end, `{\n${inner}${statement}\n${outer}}`)];
}

/** A statement that ends the method in another way than by handing back nothing at its end. */
function leaves(statement: Node, isLast: boolean): boolean {
  if (statement.type === "ReturnStatement") {
    const value = child(statement, "argument");
    return !isLast || !(value === undefined || value.type === "CallExpression");
  }
  return has(statement);
}

/** The call beside one whose promise the method returns already. */
function besides(source: Source, last: Node, call: string, isAsync: boolean): string | undefined {
  const value = child(last, "argument");
  if (!value || isResolved(value)) return undefined;
  const all = `Promise.all([${source.textOf(value)}, ${call}])`;
  return `${isAsync ? `await ${all}` : `return ${all}.then(() => undefined)`}${source.style.semicolon}`;
}

const has = (node: Node): boolean =>
  node.type === "ReturnStatement" ||
  node.type === "ThrowStatement" ||
  (!isFunction(node) && childrenOf(node).some(has));
