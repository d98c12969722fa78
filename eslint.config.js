import eslintPlugin from "eslint-plugin-eslint-plugin";
import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const nodeGlobals = Object.fromEntries(
  [
    "process",
    "console",
    "Response",
    "URL",
    "setTimeout",
    "clearTimeout",
    "setImmediate",
    "Buffer",
    "fetch",
    "performance",
  ].map((name) => [name, "readonly"]),
);

export default defineConfig(
  // Fixtures and the example are programs with faults on purpose.
  globalIgnores(["dist", "coverage", "fixtures", "examples/*/**"]),
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strict],
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      // Walking up a chain of parents begins with `this`.
      "@typescript-eslint/no-this-alias": ["error", { allowedNames: ["scope"] }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  { files: ["src/plugin*.ts"], extends: [eslintPlugin.configs.recommended] },
  { files: ["**/*.{js,mjs}"], languageOptions: { globals: nodeGlobals } },
);
