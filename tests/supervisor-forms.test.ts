import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ESLint } from "eslint";
import { format } from "prettier";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Form, supervisorIn } from "../src/supervisor/forms.js";
import { Workspace } from "../src/workspace.js";

const home = path.resolve(import.meta.dirname, "..");

/** Names of files that the supervisor may go into, with the form that it has there. */
const forms: Record<string, Form> = {
  "esm/supervisor.ts": form("ts", "import", '"', ";", "  "),
  "esm/bare.ts": form("ts", "import", "'", "", "  "),
  "esm/supervisor.mjs": form("js", "import", '"', ";", "\t"),
  "esm/bare.mjs": form("js", "import", "'", "", "    "),
  "cjs/supervisor.ts": form("ts", "import-equals", '"', ";", "\t"),
  "cjs/bare.cts": form("ts", "import-equals", "'", "", "  "),
  "cjs/supervisor.cjs": form("js", "require", "'", ";", "  "),
  "cjs/bare.cjs": form("js", "require", "'", "", "\t"),
};

function form(
  language: Form["language"],
  imports: Form["imports"],
  quote: Form["style"]["quote"],
  semicolon: Form["style"]["semicolon"],
  indent: string,
): Form {
  return { language, imports, style: { quote, semicolon, indent }, lineEnd: "\n" };
}

const cases = Object.entries(forms).map(([file, wanted]) => ({ file, wanted, text: supervisorIn(wanted) }));
const globals = { process: "readonly", Buffer: "readonly", URL: "readonly" } as const;
const timers = { setTimeout: "readonly", clearTimeout: "readonly" } as const;
const linter = new ESLint({
  cwd: home,
  overrideConfig: [
    { files: ["**/*.cjs"], languageOptions: { globals: { ...globals, ...timers } } },
    {
      files: ["**/*.ts"],
      // `import =` is what verbatimModuleSyntax demands.
      rules: { "@typescript-eslint/no-require-imports": ["error", { allowAsImport: true }] },
    },
  ],
});
let root: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), "telemetry-fix-forms-")));
  for (const [folder, type] of [
    ["esm", "module"],
    ["cjs", "commonjs"],
  ] as const) {
    ts.sys.createDirectory(path.join(root, folder));
    writeFileSync(path.join(root, folder, "package.json"), JSON.stringify({ name: folder, type }));
  }
  for (const { file, text } of cases) writeFileSync(path.join(root, file), text);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What TypeScript says under the strictest options that people use. */
function diagnostics(files: readonly string[], options: ts.CompilerOptions): string[] {
  const program = ts.createProgram({
    rootNames: files.map((file) => path.join(root, file)),
    options: {
      strict: true,
      exactOptionalPropertyTypes: true,
      noImplicitReturns: true,
      noPropertyAccessFromIndexSignature: true,
      noUncheckedIndexedAccess: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2021.d.ts"],
      types: ["node"],
      typeRoots: [path.join(home, "node_modules", "@types")],
      noEmit: true,
      ...options,
    },
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

const nodenext = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };

describe("the supervisor in TypeScript", () => {
  it("has no type errors as an ES module whose types are erased", () => {
    writeFileSync(path.join(root, "esm/wrong.ts"), "export const wrong: number = process.argv;\n");
    const files = ["esm/supervisor.ts", "esm/bare.ts", "esm/wrong.ts"];
    const options = { ...nodenext, verbatimModuleSyntax: true, erasableSyntaxOnly: true };
    expect(diagnostics(files, options)).toEqual(["Type 'string[]' is not assignable to type 'number'."]);
  });

  it("has no type errors as a CommonJS module under verbatimModuleSyntax", () => {
    const files = ["cjs/supervisor.ts", "cjs/bare.cts"];
    expect(diagnostics(files, { ...nodenext, verbatimModuleSyntax: true })).toEqual([]);
  });

  it("has no type errors where imports are compiled to CommonJS", () => {
    const options = { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Bundler };
    expect(diagnostics(["esm/supervisor.ts"], options)).toEqual([]);
  });
});

describe.each(cases)("the supervisor as $file", ({ file, wanted, text }) => {
  it("is what Prettier would write", async () => {
    const pretty = await format(text, {
      filepath: file,
      singleQuote: wanted.style.quote === "'",
      semi: wanted.style.semicolon === ";",
      useTabs: wanted.style.indent === "\t",
      tabWidth: wanted.style.indent === "\t" ? 2 : wanted.style.indent.length,
    });
    expect(text).toBe(pretty);
  });

  it("satisfies our linter", async () => {
    // Our own configuration knows no .cts.
    const filePath = path.join(home, "src", path.basename(file).replace(".cts", ".ts"));
    const [result] = await linter.lintText(text, { filePath });
    expect(result?.messages).toEqual([]);
  });

  it("ends as its child ends", () => {
    const { module, moduleResolution } = nodenext;
    const fileName = path.join(root, file);
    const output = fileName.replace(/\.c?ts$/, ".compiled.cjs");
    if (wanted.language === "ts") {
      const compilerOptions = {
        module: ts.ModuleKind.CommonJS,
        moduleResolution,
        target: ts.ScriptTarget.ES2022,
      };
      const { outputText } = ts.transpileModule(text, { compilerOptions, fileName: `${String(module)}.ts` });
      writeFileSync(output, outputText);
    }
    const { status, stderr } = spawnSync(
      process.execPath,
      [output, "-e", 'console.error("x"); process.exit(7)'],
      {
        env: { PATH: process.env.PATH, OTEL_EXPORTER_OTLP_ENDPOINT: "nowhere" },
        encoding: "utf8",
      },
    );
    expect(status).toBe(7);
    expect(stderr).toMatch(/^x\nsupervisor: the crash was not reported: TypeError.*Invalid URL\n$/);
  });
});

describe("the supervisor", () => {
  it("satisfies our own rules", () => {
    const { findings, problems } = Workspace.open({ root, strict: true, cacheDir: false }).analyse();
    expect({ findings, problems }).toEqual({ findings: [], problems: [] });
  });

  it("has the line ends of its surroundings", () => {
    const text = supervisorIn({ ...form("js", "import", '"', ";", "  "), lineEnd: "\r\n" });
    expect(text.split("\r\n").length).toBe(text.split("\n").length);
    expect(text.replaceAll("\r\n", "\n")).toBe(supervisorIn(form("js", "import", '"', ";", "  ")));
  });
});
