import { isObject, type JsonObject } from "../../program/index/json.js";
import type { LockReader } from "./reader.js";

/** `package-lock.json` and `npm-shrinkwrap.json` in each of its three formats. */
export const readNpmLock: LockReader = (text) => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return () => undefined;
  }
  const packages = isObject(json) && isObject(json["packages"]) ? json["packages"] : undefined;
  const dependencies = isObject(json) && isObject(json["dependencies"]) ? json["dependencies"] : undefined;
  return ({ dir, name }) => {
    if (packages) return installedAbove(packages, dir, name);
    // the first format knows no workspaces
    return dir === "" && dependencies ? versionIn(dependencies, name) : undefined;
  };
};

/** Where Node looks for a package: beside it, then in every folder above. */
function installedAbove(packages: JsonObject, dir: string, name: string): string | undefined {
  for (let folder = dir; ; folder = folder.includes("/") ? folder.slice(0, folder.lastIndexOf("/")) : "") {
    const found = packages[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`];
    if (isObject(found)) return versionIn({ found }, "found");
    if (folder === "") return undefined;
  }
}

function versionIn(of: JsonObject, name: string): string | undefined {
  const entry = of[name];
  if (!isObject(entry) || entry["link"] === true) return undefined;
  return typeof entry["version"] === "string" ? entry["version"] : undefined;
}
