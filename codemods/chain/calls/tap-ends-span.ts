import type { Edit } from "../../../src/finding.js";
import type { Node } from "../../../src/syntax/parse.js";
import { importEdits, loadings } from "../../edit/imports.js";
import { child, list, nameOf, openSource, type Source } from "../../edit/source.js";
import type { ChainRepair } from "../../edit/repair.js";

/** Ends the span in `finalize`, which runs however the stream comes to its end. */
export const repairTapEndsSpan: ChainRepair = ({ fn, call, parts = [] }, project) => {
  const source = openSource(project, fn.module.file);
  const end = parts[1];
  const operator = call && source?.at(call.at, "CallExpression");
  const ending = end && source?.at(end.at, "CallExpression");
  if (!source || !operator || !ending) return undefined;
  const edits = becomes(source, operator, ending) ?? moved(source, operator, ending);
  return edits && { level: "review", title: "End the span in `finalize`", edits };
};

/** A `tap` that does nothing else is made a `finalize`. */
function becomes(source: Source, operator: Node, ending: Node): Edit[] | undefined {
  const callee = child(operator, "callee");
  const [callback, ...others] = list(operator, "arguments");
  if (!callee || !callback || others.length > 0 || !/Function/.test(callback.type)) return undefined;
  const parameters = list(callback, "params");
  if (parameters.length > 0 || !isAll(source, callback, ending)) return undefined;
  if (callee.type === "MemberExpression") {
    const property = child(callee, "property");
    return property && [source.replace(property.start, property.end, "finalize")];
  }
  if (nameOf(callee) !== "tap") return undefined;
  const imported = finalizeFor(source, callee);
  return imported && [...imported, source.replace(callee.start, callee.end, "finalize")];
}

/** The body of a callback is nothing but this call, maybe behind a test of what it is called on. */
function isAll(source: Source, callback: Node, ending: Node): boolean {
  for (const up of source.ancestors(ending)) {
    if (up === callback) return true;
    const isOnly =
      up.type === "BlockStatement" || up.type === "Program"
        ? list(up, "body").length === 1
        : /^(ExpressionStatement|ReturnStatement|ChainExpression|AwaitExpression)$/.test(up.type) ||
          (up.type === "IfStatement" && !child(up, "alternate") && isTested(source, up, ending));
    if (!isOnly) return false;
  }
  return false;
}

/** `if (span) span.end()`. */
function isTested(source: Source, test: Node, ending: Node): boolean {
  const condition = child(test, "test");
  const span = child(child(ending, "callee"), "object");
  return condition !== undefined && span !== undefined && source.textOf(condition) === source.textOf(span);
}

/** A statement that ends the span leaves the callback for a `finalize` of its own. */
function moved(source: Source, operator: Node, ending: Node): Edit[] | undefined {
  const callee = child(operator, "callee");
  // what the function of `tap` returns is dropped
  const isTap = nameOf(callee?.type === "MemberExpression" ? child(callee, "property") : callee) === "tap";
  const statement = statementOf(source, ending, isTap);
  const [argument] = list(ending, "arguments");
  if (!callee || !statement || argument) return undefined;
  const parent = source.parentOf(statement);
  if (parent?.type !== "BlockStatement" || !isFunctionBody(source, parent)) return undefined;
  const isMember = callee.type === "MemberExpression";
  const imported = isMember ? [] : imports(source, nameOf(callee));
  if (!imported) return undefined;
  const object = child(callee, "object");
  const name = isMember && object ? `${source.textOf(object)}.finalize` : "finalize";
  const body = child(statement, "test")
    ? `() => { ${source.textOf(statement)} }`
    : `() => ${source.textOf(ending)}`;
  const gap = source.isFirstOnLine(operator.start) ? `\n${source.indentAt(operator.start)}` : " ";
  return [...imported, cut(source, statement), source.insert(operator.end, `,${gap}${name}(${body})`)];
}

/** The statement that a call makes up, with a test of the span around it. */
function statementOf(source: Source, ending: Node, mayReturn: boolean): Node | undefined {
  let found: Node | undefined;
  for (const up of source.ancestors(ending)) {
    if (up.type === "ExpressionStatement" || (mayReturn && up.type === "ReturnStatement")) found = up;
    else if (up.type === "IfStatement" && !child(up, "alternate") && isTested(source, up, ending)) return up;
    else if (up.type === "BlockStatement") {
      if (list(up, "body").length > 1) return found;
    } else if (up.type !== "ChainExpression") return found;
  }
  return found;
}

const isFunctionBody = (source: Source, block: Node): boolean =>
  /Function/.test(source.parentOf(block)?.type ?? "");

/** A statement with its line, where it has one of its own. */
function cut(source: Source, statement: Node): Edit {
  const { text } = source;
  if (!source.isFirstOnLine(statement.start)) return source.replace(statement.start, statement.end, "");
  const newline = text.indexOf("\n", statement.end);
  const isLast = newline >= 0 && text.slice(statement.end, newline).trim() === "";
  return isLast
    ? source.replace(source.lineStart(statement.start), newline + 1, "")
    : source.replace(statement.start, statement.end, "");
}

/** `finalize` among the imports, in the place of a `tap` that nothing else uses. */
function finalizeFor(source: Source, callee: Node): Edit[] | undefined {
  const uses = [...source.nodes()].filter((n) => n.type === "Identifier" && n.name === "tap");
  const specifier = uses.map((n) => source.parentOf(n)).find((n) => n?.type === "ImportSpecifier");
  const names = uses.filter((n) => source.parentOf(n) !== specifier);
  const known = hasFinalize(source);
  if (names.length === 1 && names[0] === callee && specifier && !known && isPlain(specifier))
    return [source.replace(specifier.start, specifier.end, "finalize")];
  return imports(source, "tap");
}

/** `finalize` is imported from where the operator comes from: `rxjs` itself has it only since 7.2. */
function imports(source: Source, operator: string | undefined): Edit[] | undefined {
  if (hasFinalize(source)) return [];
  const bound = loadings(source).find(({ node }) =>
    [...source.nodes()].some(
      (n) => n.type === "Identifier" && n.name === operator && node.start <= n.start && n.end <= node.end,
    ),
  );
  const specifier = bound?.specifier;
  if (specifier === undefined) return undefined;
  const wanted = { name: "finalize", local: "finalize", specifier };
  return importEdits(source, wanted, (other) => other === specifier);
}

const isPlain = (specifier: Node): boolean =>
  child(specifier, "imported")?.name === child(specifier, "local")?.name;

const hasFinalize = (source: Source): boolean =>
  [...source.nodes()].some((n) => n.type === "ImportSpecifier" && child(n, "local")?.name === "finalize");
