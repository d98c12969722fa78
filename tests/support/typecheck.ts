import { existsSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { treeOf } from "./fixtures.js";

const stubs = path.join(import.meta.dirname, "stubs");
/** What a bare import may mean; a scheme is no folder. */
const stubbed = {
  "*": [`${stubs}/*`],
  "cloudflare:workers": [`${stubs}/cloudflare-workers.d.ts`],
};
const typeRoot = path.resolve(import.meta.dirname, "../../node_modules/@types");

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts"],
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Auto,
  allowJs: true,
  checkJs: true,
  allowImportingTsExtensions: true,
  experimentalDecorators: true,
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
  typeRoots: [typeRoot],
};

/** A small program on disk: real path of its folder, its code files, and what its bare imports may mean. */
interface Sample {
  root: string;
  files: string[];
  paths: Record<string, string[]>;
}

/**
 * What TypeScript holds against small programs, one sorted line for each fault: `<file>: TS<code> <message>`. The SDKs come
 * from stubs; a program with TypeScript in it is checked strictly, one of JavaScript alone as loosely as an editor does.
 * @param roots real paths of the programs, none inside another
 * @returns the lines by root
 */
export function diagnosticsOf(roots: readonly string[]): Map<string, string[]> {
  const samples = roots.map(sampleOf);
  const isStrict = (sample: Sample) => sample.files.some((file) => /\.[cm]?tsx?$/.test(file));
  const strict = samples.filter(isStrict);
  const loose = samples.filter((sample) => !isStrict(sample));
  return new Map([...check(strict, true), ...check(loose, false)]);
}

/** The lines of `now` that `then` has not, a line that occurs twice counting twice. */
export function added(then: readonly string[], now: readonly string[]): string[] {
  const left = [...then];
  return now.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function sampleOf(root: string): Sample {
  const tree = treeOf(root);
  const files = [...tree.keys()].filter((file) => /\.[cm]?[jt]sx?$/.test(file));
  const paths: Record<string, string[]> = { "@/*": [`${root}/src/*`], ...stubbed };
  for (const [file, text] of tree) {
    const source = path.join(root, path.dirname(file), "src/index.ts");
    if (!file.endsWith("/package.json") || !existsSync(source)) continue;
    const { name } = JSON.parse(text) as { name?: string };
    if (name !== undefined) paths[name] = [source];
  }
  return { root, files: files.map((file) => path.join(root, file)), paths };
}

/** One program of TypeScript's holds all samples: reading the libraries is what takes the time. */
function check(samples: readonly Sample[], strict: boolean): Map<string, string[]> {
  const owner = (file: string) => samples.find(({ root }) => file.startsWith(`${root}/`));
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, containing) => {
    const own = { ...options, paths: owner(containing)?.paths ?? stubbed };
    return literals.map(({ text }) => ts.resolveModuleName(text, containing, own, host));
  };
  const program = ts.createProgram({
    rootNames: samples.flatMap(({ files }) => files),
    options: { ...options, strict },
    host,
  });
  const wrong = program.getOptionsDiagnostics();
  if (wrong[0]) throw new Error(ts.flattenDiagnosticMessageText(wrong[0].messageText, "\n"));

  const lines = new Map(samples.map(({ root }): [string, string[]] => [root, []]));
  for (const diagnostic of [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics()]) {
    const { file } = diagnostic;
    const root = file && owner(file.fileName)?.root;
    if (root !== undefined) lines.get(root)?.push(line(diagnostic, file?.fileName ?? "", root));
  }
  for (const list of lines.values()) list.sort();
  return lines;
}

function line({ code, messageText }: ts.Diagnostic, file: string, root: string): string {
  const message = ts.flattenDiagnosticMessageText(messageText, " ").replaceAll(root, "");
  return `${path.relative(root, file)}: TS${String(code)} ${message}`;
}
