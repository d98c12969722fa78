import Module from "node:module";
import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { patchedExports, type PatchedFacts, patchedGlobals } from "../src/knowledge/patched.js";

/** Node does not declare these; they are asked themselves. */
const undeclared = /^module\./;

const root = path.resolve(import.meta.dirname, "..");
const file = path.join(root, "patched-declarations.ts");
const declared = Object.entries({ ...patchedGlobals, ...patchedExports }).filter(
  ([key]) => !undeclared.test(key),
);

/** How a declaration names what the tables call `http.createServer.emit` or `events.prototype.on`. */
function typeOf(key: string): string {
  const [first = "", ...rest] = key.split(".");
  const name = key in patchedExports ? `${first}_` : first;
  if (rest[0] === "createServer") return `ReturnType<typeof ${name}.createServer>["${rest[1] ?? ""}"]`;
  if (first === "events" && rest[0] === "prototype") return `typeof ${name}.default.${rest.join(".")}`;
  return `typeof ${[name, ...rest].join(".")}`;
}

function signatures(): Map<string, readonly ts.Signature[]> {
  const modules = new Set(Object.keys(patchedExports).map((key) => key.split(".")[0] ?? ""));
  const text = [
    ...[...modules].map((name) => `import * as ${name}_ from "node:${name}";`),
    ...declared.map(([key], i) => `export type T${String(i)} = ${typeOf(key)};`),
  ].join("\n");
  const options: ts.CompilerOptions = {
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
    module: ts.ModuleKind.NodeNext,
    types: ["node"],
    skipLibCheck: true,
    strict: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...more) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2023) : read(name, ...more);
  const program = ts.createProgram([file], options, host);
  const source = program.getSourceFile(file);
  const faults = program
    .getSemanticDiagnostics(source)
    .map((d) => ts.flattenDiagnosticMessageText(d.messageText, "\n"));
  expect(faults).toEqual([]);
  const checker = program.getTypeChecker();
  const aliases = source?.statements.filter(ts.isTypeAliasDeclaration) ?? [];
  return new Map(
    aliases.map((alias, i) => [
      declared[i]?.[0] ?? "",
      checker.getSignaturesOfType(checker.getTypeAtLocation(alias), ts.SignatureKind.Call),
    ]),
  );
}

const nothing = ts.TypeFlags.Void | ts.TypeFlags.Never | ts.TypeFlags.Undefined;

describe("what is said of functions that are often wrapped", () => {
  const known = signatures();

  const forms = (key: string): readonly ts.Signature[] => {
    const found = known.get(key) ?? [];
    expect(found.length, key).toBeGreaterThan(0);
    return found;
  };

  it("gives what the declarations return", () => {
    const wrong = declared.filter(([key, { gives }]) => {
      const isNothing = forms(key).every((form) => (form.getReturnType().flags & nothing) !== 0);
      return isNothing !== (gives === undefined);
    });
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  it("takes what the declarations take", () => {
    const takes = (form: ts.Signature): number | "any" => {
      const last = form.parameters.at(-1)?.valueDeclaration;
      return last && ts.isParameter(last) && last.dotDotDotToken ? "any" : form.parameters.length;
    };
    const most = (key: string): number | "any" => {
      const all = forms(key).map(takes);
      return all.includes("any") ? "any" : Math.max(...all.map(Number));
    };
    const wrong = declared.filter(([key, facts]: [string, PatchedFacts]) => facts.takes !== most(key));
    // events of the program's own have any number of arguments
    expect(wrong.map(([key]) => key)).toEqual(["process.emit"]);
  });

  it("takes what Node's loader has parameters for", () => {
    const loader = Module as unknown as Record<string, { length: number }>;
    expect(patchedExports["module._load"]?.takes).toBe(loader["_load"]?.length);
    expect(patchedExports["module._resolveFilename"]?.takes).toBe(loader["_resolveFilename"]?.length);
    const prototype = Module.prototype as unknown as { require: { length: number } };
    expect(patchedExports["module.prototype.require"]?.takes).toBe(prototype.require.length);
  });
});
