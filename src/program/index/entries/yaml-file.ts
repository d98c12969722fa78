/** Reads a YAML manifest; what is wrong with it is recorded, and the rest of it is used. */
import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import { isObject, type JsonObject } from "../json.js";
import type { Manifests } from "../manifests.js";

const require = createRequire(import.meta.url);

/** Documents larger than this are data, not manifests. */
const largestYaml = 300_000;

/** Each alias makes the parser look through the document for its anchor. */
const mostAliases = 500;
const alias = /(?:^|[\s[,{:-])\*[\w-]/g;

/** The mapping at the top of the first document; undefined when there is none. */
export function readYaml(manifests: Manifests, file: string): JsonObject | undefined {
  const text = manifests.text(file);
  if (text === undefined || text.length > largestYaml) return undefined;
  if ((text.match(alias)?.length ?? 0) > mostAliases) {
    manifests.report(file, `has more than ${mostAliases} aliases`);
    return undefined;
  }
  // Few projects have such manifests: the parser is loaded only for them.
  const yaml = require("yaml") as typeof Yaml;
  try {
    const document = yaml.parseAllDocuments(text, { logLevel: "silent", uniqueKeys: false })[0];
    if (document === undefined) return undefined;
    const first = "errors" in document ? document.errors[0] : undefined;
    if (first !== undefined) manifests.report(file, first.message.split("\n", 1).join());
    const value: unknown = "toJS" in document ? document.toJS({ maxAliasCount: 100 }) : undefined;
    return isObject(value) ? value : undefined;
  } catch (error) {
    manifests.report(file, error instanceof Error ? error.message.split("\n", 1).join() : String(error));
    return undefined;
  }
}
