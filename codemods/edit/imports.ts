import type { Edit } from "../../src/finding.js";
import type { Project } from "../../src/program/project.js";
import type { Node } from "../../src/syntax/parse.js";
import { child, list, nameOf, openSource, type Source } from "./source.js";
import { sourceName } from "../../src/syntax/source-names.js";

/** A name that a file is to have from a module. */
export interface Wanted {
  /** What the module exports; `*` for all of it, `default` for its default export, `=` for what `module.exports` is set to. */
  name: string;
  /** What it is called in the file. */
  local: string;
  /** How to write the module when the file does not import it yet. */
  specifier: string;
}

/** A statement by which a file loads a module, other than for types only. */
export interface Loading {
  node: Node;
  specifier: string;
  /** `require` statements that destructure, or keep nothing, can be extended like imports. */
  pattern: Node | undefined;
  kind: "import" | "require";
}

/** The statements at the top level that load modules. */
export function loadings(source: Source): Loading[] {
  const found: Loading[] = [];
  for (const s of list(source.program, "body")) {
    if (s.type === "ImportDeclaration" && s.importKind !== "type")
      found.push({
        node: s,
        specifier: String(child(s, "source")?.value),
        pattern: undefined,
        kind: "import",
      });
    else if (s.type === "ExpressionStatement") {
      const specifier = required(child(s, "expression"));
      if (specifier !== undefined) found.push({ node: s, specifier, pattern: undefined, kind: "require" });
    } else if (s.type === "VariableDeclaration") {
      for (const d of list(s, "declarations")) {
        const specifier = required(child(d, "init"));
        if (specifier !== undefined)
          found.push({ node: s, specifier, pattern: child(d, "id"), kind: "require" });
      }
    }
  }
  return found;
}

function required(e: Node | undefined): string | undefined {
  if (e?.type !== "CallExpression" || nameOf(child(e, "callee")) !== "require") return undefined;
  const [argument] = list(e, "arguments");
  return argument?.type === "Literal" && typeof argument.value === "string" ? argument.value : undefined;
}

/** The edits that give a file a name of another module; undefined when its form of import cannot be extended. */
export function importEdits(
  source: Source,
  wanted: Wanted,
  isSame: (specifier: string) => boolean,
): Edit[] | undefined {
  const known = loadings(source).filter((l) => isSame(l.specifier));
  for (const loading of known) {
    const edit = wanted.name === "*" ? undefined : extended(source, loading, wanted);
    if (edit) return [edit];
  }
  return [added(source, wanted)];
}

function extended(source: Source, { node, pattern, kind }: Loading, wanted: Wanted): Edit | undefined {
  if (kind === "require") {
    const bare = pattern === undefined && node.type === "ExpressionStatement";
    if (wanted.name === "=") return bare ? source.insert(node.start, `const ${wanted.local} = `) : undefined;
    if (bare) return source.insert(node.start, `const ${braces(source, entry(wanted, ": "))} = `);
    const items = pattern?.type === "ObjectPattern" ? list(pattern, "properties") : [];
    return items.length > 0 ? intoList(source, items, entry(wanted, ": ")) : undefined;
  }
  const specifiers = list(node, "specifiers");
  const named = specifiers.filter((s) => s.type === "ImportSpecifier");
  const from = child(node, "source");
  const isBare = from !== undefined && source.text.slice(node.start, from.start).trim() === "import";
  if (wanted.name === "default" || wanted.name === "=") {
    if (isBare) return source.insert(from.start, `${wanted.local} from `);
    const open = named.length === specifiers.length ? source.text.indexOf("{", node.start) : -1;
    return open >= 0 && open < node.end ? source.insert(open, `${wanted.local}, `) : undefined;
  }
  if (named.length > 0) return intoList(source, named, entry(wanted, " as "));
  const written = braces(source, entry(wanted, " as "));
  if (isBare) return source.insert(from.start, `${written} from `);
  const [only] = specifiers;
  return only?.type === "ImportDefaultSpecifier" && specifiers.length === 1
    ? source.insert(only.end, `, ${written}`)
    : undefined;
}

const entry = ({ name, local }: Wanted, as: string): string =>
  name === local ? name : `${name}${as}${local}`;
const braces = (source: Source, inner: string): string =>
  source.style.spaced ? `{ ${inner} }` : `{${inner}}`;

/** Into its alphabetical place where the list has an order, else at its end. */
export function intoList(source: Source, items: Node[], text: string): Edit {
  const keys = items.map((i) => source.textOf(i).replace(/^type /, ""));
  const sorted = keys.every((k, i) => i === 0 || compare(keys[i - 1] ?? "", k) <= 0);
  const before = sorted ? items[keys.findIndex((k) => compare(text, k) < 0)] : undefined;
  if (before) {
    const gap = source.isFirstOnLine(before.start) ? `\n${source.indentAt(before.start)}` : " ";
    return source.insert(before.start, `${text},${gap}`);
  }
  const last = items.at(-1) as Node;
  const gap = source.isFirstOnLine(last.start) ? `\n${source.indentAt(last.start)}` : " ";
  return source.insert(last.end, `,${gap}${text}`);
}

const compare = (a: string, b: string): number => a.toLowerCase().localeCompare(b.toLowerCase(), "en");

/** A statement of its own after the last of its kind, else at the top. */
function added(source: Source, wanted: Wanted): Edit {
  const { quote, semicolon } = source.style;
  const { name, local } = wanted;
  const body = list(source.program, "body");
  const last = loadings(source).at(-1)?.node;
  const after = body.findLast((s) => s.type === "ImportDeclaration") ?? last;
  const from = `${quote}${wanted.specifier}${quote}`;
  const esm = usesImports(source);
  const whole = name === "=" || (name === "default" && esm) || (name === "*" && !esm);
  const bound = whole
    ? local
    : name === "*"
      ? `* as ${local}`
      : braces(source, entry(wanted, esm ? " as " : ": "));
  const line = esm
    ? `import ${bound} from ${from}${semicolon}`
    : `const ${bound} = require(${from})${semicolon}`;
  if (after) return source.insert(after.end, `\n${line}`);
  const directive = body.findLast((s) => typeof s.directive === "string");
  if (directive) return source.insert(directive.end, `\n\n${line}`);
  return source.insert(body[0]?.start ?? 0, `${line}\n\n`);
}

/** The file is an ES module, by its syntax or its name. */
export function usesImports(source: Source): boolean {
  if (/\.m[jt]s$/.test(source.file)) return true;
  if (/\.c[jt]s$/.test(source.file)) return false;
  const body = list(source.program, "body");
  if (body.some((s) => /^(Import|Export)\w*Declaration$/.test(s.type))) return true;
  return source.isTypeScript && !loadings(source).some((l) => l.kind === "require");
}

/**
 * How a file names another of the workspace, in the way in which it names its neighbours already; undefined when that
 * would not lead there.
 */
export function relativeSpecifier(project: Project, from: Source, target: string): string | undefined {
  const known = loadings(from).find((l) => project.index.resolve(from.file, l.specifier) === target);
  if (known) return known.specifier;
  if (project.index.packageOf(from.file)?.dir !== project.index.packageOf(target)?.dir)
    return packageSpecifier(project, from.file, target);
  const here = from.file.split("/").slice(0, -1);
  const there = target.split("/");
  let shared = 0;
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared]) shared++;
  const up = here.length - shared;
  const path = (up === 0 ? "./" : "../".repeat(up)) + there.slice(shared).join("/");
  const bare = path.replace(sourceName, "");
  const withJs = path.replace(/\.([cm]?)tsx?$/, ".$1js");
  const forms = [bare.replace(/\/index$/, ""), bare, withJs, path];
  const wished = wishedForm(project, from, target);
  const ordered = wished === "js" ? [withJs] : wished === "same" ? [path] : forms;
  return ordered.find((s) => project.index.resolve(from.file, s) === target);
}

/** How a file names one of the same package that is not there yet. */
export function specifierOfNew(project: Project, from: Source, target: string): string {
  const here = from.file.split("/").slice(0, -1);
  const there = target.split("/");
  let shared = 0;
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared]) shared++;
  const up = here.length - shared;
  const path = (up === 0 ? "./" : "../".repeat(up)) + there.slice(shared).join("/");
  const wished = wishedForm(project, from, target);
  if (wished === "none") return path.replace(sourceName, "");
  return wished === "js" ? path.replace(/\.([cm]?)tsx?$/, ".$1js") : path;
}

/** The name of another package of the workspace, where that means the file and the package asks for it. */
export function packageSpecifier(project: Project, from: string, target: string): string | undefined {
  const name = project.index.packageOf(target)?.json?.name;
  const own = project.index.packageOf(from)?.json;
  const asked =
    name !== undefined && (own?.dependencies?.[name] ?? own?.devDependencies?.[name]) !== undefined;
  return asked && project.index.resolve(from, name) === target ? name : undefined;
}

/** Whether imports of files carry an extension: as the file's own do, as others name the target, else as its kind of module needs. */
function wishedForm(project: Project, from: Source, target: string): "none" | "js" | "same" {
  const importers = project.index.importers(target).flatMap((file) => openSource(project, file) ?? []);
  for (const source of [from, ...importers]) {
    const files = loadings(source).filter(
      (l) =>
        /^\.|\.[jt]sx?$/.test(l.specifier) &&
        (source === from || usesImports(source) === usesImports(from)) &&
        project.index.resolve(source.file, l.specifier) !== undefined,
    );
    const sample = files.find((l) => l.specifier.startsWith(".")) ?? files[0];
    if (!sample) continue;
    const extension = sourceName.exec(sample.specifier)?.[0];
    if (extension === undefined) return "none";
    return extension.includes("ts") ? "same" : "js";
  }
  if (!usesImports(from)) return sourceName.exec(target)?.[0] === ".js" ? "none" : "same";
  const isModule = project.index.packageOf(from.file)?.json?.type === "module" || /\.m[jt]s$/.test(from.file);
  return isModule ? "js" : from.isTypeScript ? "none" : "same";
}
