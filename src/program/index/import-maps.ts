/** Import maps: the `imports` of deno.json, or of the file its `importMap` names. */
import { isObject, stringsOf, type JsonObject } from "./json.js";
import type { Manifests } from "./manifests.js";
import { dirOf, joinPath } from "./paths.js";

export interface ImportMap {
  /** Folder that relative targets start from. */
  dir: string;
  imports: Record<string, string>;
}

/** The import map that lies in a folder. */
export function importMapIn(manifests: Manifests, dir: string): ImportMap | undefined {
  const prefix = dir === "" ? "" : `${dir}/`;
  for (const name of ["deno.json", "deno.jsonc", "import_map.json", "importmap.json"]) {
    const file = prefix + name;
    const json = manifests.has(file) ? manifests.object(file) : undefined;
    if (json === undefined) continue;
    const map = ownOrNamed(manifests, file, json);
    if (map !== undefined) return map;
  }
  return undefined;
}

function ownOrNamed(manifests: Manifests, file: string, json: JsonObject): ImportMap | undefined {
  if (isObject(json["imports"])) return { dir: dirOf(file), imports: stringsOf(json["imports"]) };
  const named = typeof json["importMap"] === "string" ? joinPath(dirOf(file), json["importMap"]) : undefined;
  if (named === undefined) return undefined;
  const other = manifests.foreignObject(named);
  return other === undefined ? undefined : { dir: dirOf(named), imports: stringsOf(other["imports"]) };
}

/** What the map makes of a specifier: a path relative to the root, or another bare specifier. */
export function mapped(map: ImportMap, specifier: string): { path: string } | { bare: string } | undefined {
  let target = Object.hasOwn(map.imports, specifier) ? map.imports[specifier] : undefined;
  if (target === undefined) {
    let length = 0;
    for (const [key, value] of Object.entries(map.imports)) {
      if (!key.endsWith("/") || key.length <= length || !specifier.startsWith(key)) continue;
      length = key.length;
      target = value + specifier.slice(key.length);
    }
  }
  if (target === undefined) return undefined;
  if (!target.startsWith(".") && !target.startsWith("/")) return { bare: target };
  const path = joinPath(map.dir, target);
  return path === undefined ? undefined : { path };
}
