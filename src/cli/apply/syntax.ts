import { parseSync } from "oxc-parser";
import { isNestedTooDeeply } from "../../syntax/nesting.js";

const language: Record<string, "ts" | "tsx" | "jsx"> = {
  ts: "ts",
  mts: "ts",
  cts: "ts",
  tsx: "tsx",
  js: "jsx",
  mjs: "jsx",
  cjs: "jsx",
  jsx: "jsx",
  es6: "jsx",
  es: "jsx",
  jsm: "jsx",
};

/**
 * What the parser holds against a text, duplicate declarations and a misplaced `await` included. Files in another
 * language have no faults that we could see.
 */
export function faultsOf(file: string, text: string): string[] {
  const lang = language[file.slice(file.lastIndexOf(".") + 1)];
  if (lang === undefined) return [];
  if (isNestedTooDeeply(text)) return ["it is nested too deeply"];
  const sourceType = /\.c[jt]s$/.test(file) ? "commonjs" : "unambiguous";
  return parseSync(file, text, { lang, sourceType, showSemanticErrors: true })
    .errors.filter((error) => error.severity === "Error")
    .map((error) => error.message);
}
