import { relative, sep } from "node:path";
import { Source } from "../../codemods/edit/source.js";
import type { Style } from "../../codemods/edit/style.js";
import { prevailingLineEnd } from "../line-ends.js";
import type { Form, Imports } from "./forms.js";
import { compilerOptionsOf, isModulePackage, nearestWith, needsImportEquals } from "./module-system.js";
import { filesIn, textOf } from "./reading.js";

/** Where the supervisor goes, and what it has to look like there. */
export interface Surroundings {
  /** Relative to the root, forward slashes. */
  file: string;
  form: Form;
  /** Folder of the package that it belongs to, absolute. */
  packageFolder: string;
}

/** Nobody's style is told by more files than this. */
const mostSamples = 20;

/**
 * Looks at the code beside which the supervisor is to lie.
 * @param root real path of the root
 * @param folder real path of a folder below it, or the root
 * @param language what the person asked for; default: what the code there is written in
 */
export function surroundingsOf(root: string, folder: string, language?: "ts" | "js"): Surroundings {
  const packageFolder = nearestWith("package.json", folder, root);
  const configFolder = nearestWith("tsconfig.json", folder, root);
  const beside = codeIn(folder);
  const isTypeScript =
    beside.length > 0 ? mostOf(beside, /\.[cm]?tsx?$/) : textOf(configFolder, "tsconfig.json") !== undefined;
  const chosen = language ?? (isTypeScript ? "ts" : "js");
  const samples = samplesOf(folder, beside.length > 0 ? beside : []);
  const { extension, imports } =
    chosen === "ts"
      ? typescriptIn(beside, configFolder, packageFolder)
      : javascriptIn(beside, samples, packageFolder);
  const { style, lineEnd } = styleOf(samples.length > 0 ? samples : samplesOf(root, codeIn(root)));
  return {
    file: [relative(root, folder), `supervisor.${extension}`].join(sep).split(sep).filter(Boolean).join("/"),
    form: { language: chosen, imports, style, lineEnd },
    packageFolder,
  };
}

function codeIn(folder: string): string[] {
  return filesIn(folder).filter(
    (name) => /\.[cm]?[jt]sx?$/.test(name) && !/\.(?:d|config|test|spec)\.[cm]?[jt]sx?$/.test(name),
  );
}

function mostOf(names: readonly string[], pattern: RegExp): boolean {
  return names.filter((name) => pattern.test(name)).length * 2 > names.length;
}

function typescriptIn(
  beside: readonly string[],
  configFolder: string,
  packageFolder: string,
): { extension: string; imports: Imports } {
  const typed = beside.filter((name) => /\.[cm]?tsx?$/.test(name));
  const extension = ["mts", "cts"].find((kind) => mostOf(typed, new RegExp(`\\.${kind}$`))) ?? "ts";
  const options = compilerOptionsOf(configFolder);
  const equals = needsImportEquals(options, extension, packageFolder);
  return { extension, imports: equals ? "import-equals" : "import" };
}

function javascriptIn(
  beside: readonly string[],
  samples: readonly Source[],
  packageFolder: string,
): { extension: string; imports: Imports } {
  const plain = beside.filter((name) => /\.[cm]?jsx?$/.test(name));
  if (mostOf(plain, /\.cjs$/)) return { extension: "cjs", imports: "require" };
  if (mostOf(plain, /\.mjs$/)) return { extension: "mjs", imports: "import" };
  if (isModulePackage(packageFolder)) return { extension: "js", imports: "import" };
  // Node takes `.js` for CommonJS here, so code in ES modules is built by something that need not know the supervisor.
  const scripts = samples.filter(({ file }) => /\.jsx?$/.test(file));
  const modules = scripts.filter(({ program }) => hasImports(program.body as { type: string }[]));
  const areModules = modules.length * 2 > scripts.length;
  return areModules ? { extension: "mjs", imports: "import" } : { extension: "js", imports: "require" };
}

function hasImports(statements: readonly { type: string }[]): boolean {
  return statements.some(({ type }) => /^(?:Import|Export\w+)Declaration$/.test(type));
}

function samplesOf(folder: string, names: readonly string[]): Source[] {
  return names.slice(0, mostSamples).flatMap((name) => {
    try {
      return [new Source(name, (textOf(folder, name) ?? "").replace(/^\ufeff/, ""))];
    } catch {
      // What does not parse tells no style.
      return [];
    }
  });
}

const usual: Pick<Style, "quote" | "semicolon" | "indent"> = { quote: '"', semicolon: ";", indent: "  " };

function styleOf(samples: readonly Source[]): Pick<Form, "style" | "lineEnd"> {
  const told = samples.filter(({ text }) => text.trim() !== "");
  const common = <T extends string>(values: readonly T[], otherwise: T): T => {
    const counts = values.map((value) => values.filter((other) => other === value).length);
    return values[counts.indexOf(Math.max(...counts))] ?? otherwise;
  };
  const quoted = told.filter(({ text }) => /["']/.test(text));
  const indented = told.filter(({ text }) => /^[ \t]+\S/m.test(text));
  return {
    style: {
      quote: common(
        quoted.map(({ style }) => style.quote),
        usual.quote,
      ),
      semicolon: common(
        told.map(({ style }) => style.semicolon),
        usual.semicolon,
      ),
      indent: common(
        indented.map(({ style }) => style.indent),
        usual.indent,
      ),
    },
    lineEnd: common(
      told.map(({ text }) => prevailingLineEnd(text)),
      "\n",
    ),
  };
}
