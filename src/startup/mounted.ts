import type { Service } from "../deployment/compose.js";
import {
  documentsOf,
  fieldAt,
  fieldOf,
  itemsOf,
  scalarOf,
  textOf,
  wordsOf,
  type YamlDocument,
} from "../deployment/documents.js";
import { pathOfImage } from "../deployment/links.js";
import { usualConfigurations } from "../knowledge/collectors.js";
import { dirOf, joinPath } from "../program/index/paths.js";
import type { Project } from "../program/project.js";

/** The file of the project that a compose service mounts as the configuration of its collector; undefined where that is not sure. */
export function mountedConfig(collector: Service, project: Project): YamlDocument | undefined {
  const path = configPathOf(collector);
  const file = path === undefined ? undefined : mountedFrom(path, collector);
  if (file === undefined || !project.index.manifestFiles.includes(file)) return undefined;
  const [only, ...more] = documentsOf(file, project, /^["']?receivers["']?\s*:/m);
  return more.length === 0 ? only : undefined;
}

/** The path of the one configuration that it is started with. */
function configPathOf({ map, of, image }: Service): string | undefined {
  // what is put around it may give it another one
  if (fieldOf(map, "entrypoint", of)) return undefined;
  const command = fieldOf(map, "command", of);
  if (!command) return usualConfigurations.find((c) => c.image.test(pathOfImage(image ?? "")))?.path;
  const line = textOf(command);
  const words = line === undefined ? wordsOf(command, of) : line.split(/\s+/);
  if (!words || words.some((w) => /^--(set|feature-gates)/.test(w))) return undefined;
  const given = words.flatMap((word, i) => {
    const [, path] = /^--config(?:=(.*))?$/.exec(word) ?? [];
    return /^--config(=|$)/.test(word) ? [path ?? words[i + 1] ?? ""] : [];
  });
  const [path, ...others] = given.map((p) => p.replace(/^["']|["']$/g, "").replace(/^file:/, ""));
  return path !== undefined && others.length === 0 && path.startsWith("/") ? path : undefined;
}

/** What lies at a path of the container, by `volumes` or `configs`. */
function mountedFrom(path: string, { map, of }: Service): string | undefined {
  const dir = dirOf(of.file);
  for (const volume of itemsOf(fieldOf(map, "volumes", of), of)) {
    const written: unknown = volume?.toJSON();
    const [source = "", target = ""] =
      typeof written === "string"
        ? written.split(":")
        : [textOf(fieldOf(volume, "source", of)), textOf(fieldOf(volume, "target", of))];
    if (!/^\.{1,2}(\/|$)/.test(source) || target === "") continue;
    const at = target.replace(/\/$/, "");
    if (path !== at && !path.startsWith(`${at}/`)) continue;
    return joinPath(dir, `${source.replace(/\/$/, "")}${path.slice(at.length)}`);
  }
  for (const config of itemsOf(fieldOf(map, "configs", of), of)) {
    if (textOf(fieldOf(config, "target", of)) !== path) continue;
    const name = textOf(fieldOf(config, "source", of));
    const file = name === undefined ? undefined : fieldAt(of.top, ["configs", name, "file"], of);
    const source = scalarOf(file);
    return typeof source === "string" ? joinPath(dir, source) : undefined;
  }
  return undefined;
}
