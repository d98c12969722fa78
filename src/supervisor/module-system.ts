import { dirname, join } from "node:path";
import { isObject, type JsonObject, parseObject } from "../program/index/json.js";
import { textOf } from "./reading.js";

/** The JSON object in a file, comments allowed; undefined when there is none. */
export function objectIn(folder: string, name: string): JsonObject | undefined {
  const text = textOf(folder, name);
  return text === undefined ? undefined : parseObject(text, () => undefined);
}

/** The nearest folder from `from` up to `root` that holds a file of this name; `root` when none does. */
export function nearestWith(name: string, from: string, root: string): string {
  for (let folder = from; folder !== root && folder !== dirname(folder); folder = dirname(folder)) {
    if (textOf(folder, name) !== undefined) return folder;
  }
  return root;
}

/** Whether Node takes a `.js` file in this package for an ES module. */
export function isModulePackage(packageFolder: string): boolean {
  return objectIn(packageFolder, "package.json")?.["type"] === "module";
}

const longestChain = 10;

/** What a `tsconfig.json` and the relative ones that it extends say about modules. */
export function compilerOptionsOf(folder: string): JsonObject {
  return optionsIn(folder, "tsconfig.json", 0);
}

function optionsIn(folder: string, name: string, depth: number): JsonObject {
  const config = objectIn(folder, name);
  if (config === undefined || depth > longestChain) return {};
  const parents = [config["extends"]].flat().filter((parent) => typeof parent === "string");
  const inherited = parents
    .filter((parent) => parent.startsWith("."))
    .map((parent) => {
      const path = join(folder, parent.endsWith(".json") ? parent : `${parent}.json`);
      return optionsIn(dirname(path), path.slice(dirname(path).length + 1), depth + 1);
    });
  const own = isObject(config["compilerOptions"]) ? config["compilerOptions"] : {};
  return Object.assign({}, ...inherited, own) as JsonObject;
}

/**
 * Whether TypeScript demands `import x = require("x")`: under `verbatimModuleSyntax`, in a file that becomes CommonJS.
 * @param extension of the TypeScript file, without the dot
 */
export function needsImportEquals(options: JsonObject, extension: string, packageFolder: string): boolean {
  if (options["verbatimModuleSyntax"] !== true || extension === "mts") return false;
  if (extension === "cts") return true;
  const kind = typeof options["module"] === "string" ? options["module"].toLowerCase() : "";
  return kind === "commonjs" || (kind.startsWith("node") && !isModulePackage(packageFolder));
}
