import type { Style } from "../../codemods/edit/style.js";
import { childrenOf } from "../../codemods/edit/source.js";
import { withLineEnds } from "../line-ends.js";
import { type Node, parse } from "../syntax/parse.js";
import { template } from "./template/index.js";

/** How a module names what it imports: `import {} from`, `require()`, or TypeScript's `import = require()`. */
export type Imports = "import" | "require" | "import-equals";

/** What the supervisor has to look like to fit in. */
export interface Form {
  language: "ts" | "js";
  imports: Imports;
  style: Pick<Style, "quote" | "semicolon" | "indent">;
  lineEnd: "\n" | "\r\n";
}

/** Of the template, as of Prettier by default. */
const printWidth = 80;

interface Cut {
  start: number;
  end: number;
  text: string;
}

/** The text of the supervisor in the form that is asked for. */
export function supervisorIn(form: Form): string {
  let text = form.language === "js" ? withoutTypes(template) : template;
  text = withImports(text, form.imports);
  if (form.style.quote === "'") text = singleQuoted(text);
  if (form.style.semicolon === "") text = withoutSemicolons(text);
  text = text.replace(/^(?: {2})+/gm, (spaces) => form.style.indent.repeat(spaces.length / 2));
  return withLineEnds(text, form.lineEnd);
}

const typeDeclarations = new Set(["TSInterfaceDeclaration", "TSTypeAliasDeclaration"]);
const typeParts = new Set(["TSTypeAnnotation", "TSTypeParameterInstantiation"]);

function withoutTypes(text: string): string {
  return edited(text, (node) => {
    if (typeParts.has(node.type)) return { start: node.start, end: node.end, text: "" };
    if (!typeDeclarations.has(node.type)) return undefined;
    return { start: node.start, end: text.indexOf("\n", node.end) + 2, text: "" };
  });
}

function withImports(text: string, imports: Imports): string {
  if (imports === "import") return text;
  return edited(text, (node) => {
    if (node.type !== "ImportDeclaration") return undefined;
    const source = (node.source as Node & { value: string }).value;
    const names = text
      .slice(text.indexOf("{", node.start), text.indexOf("}", node.start) + 1)
      .replace(/ as /g, ": ");
    const from = `require("${source}");`;
    if (imports === "require") return { start: node.start, end: node.end, text: `const ${names} = ${from}` };
    const name = source.replace("node:", "").replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    const taken = `const ${names} = ${name};`;
    const oneLine = taken
      .replace(/\{\s+/, "{ ")
      .replace(/,?\s+\}/, " }")
      .replace(/,\s+/g, ", ");
    const equals = `import ${name} = ${from}\n${oneLine.length <= printWidth ? oneLine : taken}`;
    return { start: node.start, end: node.end, text: equals };
  });
}

function singleQuoted(text: string): string {
  return edited(text, (node) => {
    const raw = text.slice(node.start, node.end);
    if (node.type !== "Literal" || !raw.startsWith('"') || raw.includes("'")) return undefined;
    return { start: node.start, end: node.end, text: `'${raw.slice(1, -1)}'` };
  });
}

const terminated =
  /^(?:(?:Expression|Return|Throw|Break|Continue)Statement|VariableDeclaration|ImportDeclaration|TS(?:ImportEquals|TypeAlias)Declaration|TSPropertySignature)$/;

function withoutSemicolons(text: string): string {
  return edited(text, (node) => {
    if (!terminated.test(node.type) || text[node.end - 1] !== ";") return undefined;
    return { start: node.end - 1, end: node.end, text: "" };
  });
}

/** The text with what `cutOf` says of its nodes. Nothing below a node that was cut is looked at, if that was all of it. */
function edited(text: string, cutOf: (node: Node) => Cut | undefined): string {
  const cuts: Cut[] = [];
  const visit = (node: Node): void => {
    const cut = cutOf(node);
    if (cut) cuts.push(cut);
    if (cut?.start !== node.start) for (const child of childrenOf(node)) visit(child);
  };
  visit(parse("supervisor.ts", text).program);
  cuts.sort((a, b) => b.start - a.start);
  return cuts.reduce((all, cut) => all.slice(0, cut.start) + cut.text + all.slice(cut.end), text);
}
