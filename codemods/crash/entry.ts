import type { Edit } from "../../src/finding.js";
import type { Node } from "../../src/syntax/parse.js";
import { promiseMethods } from "../../src/knowledge/process.js";
import { calledName, child, list, type Source } from "../edit/source.js";
import { type Completed, sendIt, tellsNothing } from "./complete.js";
import { openAt, type Scene } from "./scene.js";
import { tellAt } from "./tell.js";
import { errorNameIn, failed, functionText, logOf } from "./words.js";

/**
 * `main()` becomes `main().catch(...)`: the failure is logged as before, the SDK is told, what is buffered is sent, and the
 * process ends with exit code 1 as it did.
 */
export function catchEntry(scene: Scene): Completed | undefined {
  const { details, project } = scene;
  const opened = openAt(scene, details.fn);
  const call = details.call && opened?.source.at(details.call.at, "CallExpression");
  if (!opened || !call) return undefined;
  const { source, module } = opened;
  const chain = chainOf(source, call);
  const place = placeOf(source, chain);
  if (!place) return undefined;
  const error = errorNameIn(source);
  const spot = { source, module, node: place.statement, fn: details.fn };
  const told = tellAt(scene, spot, { name: error, type: "any" }, workOf(call));
  const sent = told && sendIt(scene, spot, place.statement, told);
  const reported = sent ?? (told && scene.lost.vendor.naturalEndDelivers && !place.needed ? told : undefined);
  if (!told || !reported || reported.statements.length === 0) return undefined;
  // the failure ended the process at once before; a request that a silent collector never answers would keep it alive now
  const mustExit = sent !== undefined;
  const statements = [
    logOf(project, source, place.statement, error),
    ...reported.statements,
    failed(source, mustExit),
  ];
  const lead = leadOf(source, chain);
  const braces = bracesAround(source, place.statement);
  const outer = braces?.indent ?? (lead === "" ? source.indentAt(place.statement.start) : lead.slice(1));
  const isAsync = statements.some((s) => s.startsWith("await "));
  const text = `${lead}.catch(${functionText(source, { isAsync, param: error, statements, outer })})`;
  const imports = [...told.edits, ...reported.edits];
  return {
    edits: [...imports, source.insert(chain.end, text), ...(braces?.edits ?? [])],
    // a listener that kept the process alive is overruled
    safe: imports.length === 0 && (details.others ?? []).length === 0,
    onlySent: tellsNothing(told),
  };
}

/** The call with the links of its chain. */
function chainOf(source: Source, call: Node): Node {
  let at = call;
  for (;;) {
    const member = source.parentOf(at);
    const next = member?.type === "MemberExpression" ? source.parentOf(member) : undefined;
    const links =
      next?.type === "CallExpression" &&
      child(next, "callee") === member &&
      child(member, "object") === at &&
      promiseMethods.includes(calledName(next) ?? "");
    if (!links || !next) return at;
    at = next;
  }
}

interface Place {
  statement: Node;
  /** What follows needs the value, or must not run after a failure. */
  needed: boolean;
}

function placeOf(source: Source, chain: Node): Place | undefined {
  let node = chain;
  let awaited = false;
  for (let up = source.parentOf(node); up; up = source.parentOf(up)) {
    if (up.type === "AwaitExpression") awaited = true;
    else if (up.type === "ExpressionStatement")
      return {
        statement: up,
        needed: (awaited && isFollowed(source, up)) || node.type === "AssignmentExpression",
      };
    else if (up.type === "VariableDeclaration") return awaited ? { statement: up, needed: true } : undefined;
    else if (
      !/^(UnaryExpression|VariableDeclarator|AssignmentExpression|TSAsExpression|ParenthesizedExpression)$/.test(
        up.type,
      )
    )
      return undefined;
    if (up.type === "UnaryExpression" && up.operator !== "void") return undefined;
    node = up;
  }
  return undefined;
}

/** Something runs after the statement. */
function isFollowed(source: Source, statement: Node): boolean {
  let node = statement;
  for (const up of source.ancestors(statement)) {
    const siblings = list(up, "body");
    const after = siblings.slice(siblings.indexOf(node) + 1);
    if (siblings.includes(node) && after.some((s) => !DECLARES.test(s.type))) return true;
    node = up;
  }
  return false;
}

const DECLARES =
  /^(FunctionDeclaration|ClassDeclaration|TS\w+Declaration|EmptyStatement|ExportNamedDeclaration|ExportDefaultDeclaration|ExportAllDeclaration|ImportDeclaration)$/;

/** `if (x) main();` on one line gets braces, now that there is more in it. */
function bracesAround(source: Source, statement: Node): { indent: string; edits: Edit[] } | undefined {
  const around = source.parentOf(statement);
  if (around?.type !== "IfStatement" || child(around, "alternate") || source.isFirstOnLine(statement.start))
    return undefined;
  const outer = source.indentAt(around.start);
  const indent = outer + source.style.indent;
  return {
    indent,
    edits: [source.insert(statement.start, `{\n${indent}`), source.insert(statement.end, `\n${outer}}`)],
  };
}

/** The line break and white space that each link of a broken chain begins with; empty for one on a line. */
function leadOf(source: Source, chain: Node): string {
  const property = child(child(chain, "callee"), "property");
  if (!property || child(chain, "callee")?.type !== "MemberExpression") return "";
  const before = source.text.slice(0, property.start - 1);
  return source.text[property.start - 1] === "." ? (/\n[ \t]*$/.exec(before)?.[0] ?? "") : "";
}

/** The name of the function that is called, as a span of it would be named. */
export function workOf(call: Node | undefined): string {
  const name = call && calledName(call);
  return name !== undefined && /^[\w$]+$/.test(name) ? name : "main";
}
