import { baseOf, dirOf } from "../program/index/paths.js";
import type { Project } from "../program/project.js";
import { buildsOf } from "./builds.js";
import { composeServicesOf } from "./compose.js";
import { dockerfilesOf } from "./images.js";

/**
 * The Dockerfiles that an image of a manifest may be built from, by its name: `ghcr.io/shop/orders:1.2` is built in a folder
 * `orders`, for a package `orders` or `@shop/orders`, from `Dockerfile.orders`, or by a compose service, a workflow, a script or
 * skaffold that names the image.
 * `shop-orders` is the same in a project that is called `shop`, and `shop` is all of it.
 * @returns none where no name fits: the image may be anybody's
 */
export function dockerfilesOfImage(image: string, project: Project): string[] {
  const name = nameOf(image);
  const all = dockerfilesOf(project);
  const composed = composeServicesOf(project).flatMap((s) =>
    s.build &&
    s.image !== undefined &&
    pathOfImage(s.image) === pathOfImage(image) &&
    all.includes(s.build.dockerfile)
      ? [s.build.dockerfile]
      : [],
  );
  if (composed.length > 0) return [...new Set(composed)];
  const said = builtAs(image, project);
  if (said.length > 0) return said;
  const projects = projectNames(project);
  const own = all.filter((file) =>
    namesOf(file, project).some((n) => n === name || projects.some((p) => `${p}-${n}` === name)),
  );
  if (own.length > 0) return own;
  if (!projects.includes(name)) return [];
  const top = all.filter((file) => dirOf(file) === "" && baseOf(file) === "Dockerfile");
  return top.length > 0 ? top : all;
}

/** The Dockerfiles from which a workflow, a script or skaffold builds it: by its whole path, else by the last part of it. */
function builtAs(image: string, project: Project): string[] {
  const all = dockerfilesOf(project);
  const builds = buildsOf(project);
  const whole = builds.filter((b) => pathOfImage(b.image) === pathOfImage(image));
  const named = whole.length > 0 ? whole : builds.filter((b) => nameOf(b.image) === nameOf(image));
  return [...new Set(named.flatMap((b) => b.dockerfiles.find((file) => all.includes(file)) ?? []))];
}

/** The last part of an image's path, without tag and digest. */
const nameOf = (image: string): string => baseOf(pathOfImage(image));
/** The path of an image, without tag and digest. */
export const pathOfImage = (image: string): string =>
  image
    .toLowerCase()
    .replace(/@.*$/, "")
    .replace(/:[^/]*$/, "");

const unscoped = (name: string): string => name.toLowerCase().replace(/^@[^/]*\//, "");

/** Names that stand for one Dockerfile: its folder, the package around it, what its own name says. */
function namesOf(file: string, project: Project): string[] {
  const dir = dirOf(file);
  const own = /^(?:Dockerfile|Containerfile)[.-]([\w-]+)$|^([\w-]+)\.Dockerfile$/i.exec(baseOf(file));
  const said = (own?.[1] ?? own?.[2])?.toLowerCase();
  if (said !== undefined) return [said];
  if (dir === "") return [];
  const around = project.index.packageOf(`${dir}/package.json`);
  const called = around?.dir === dir ? around.json?.name : undefined;
  return [baseOf(dir).toLowerCase(), ...(called === undefined ? [] : [unscoped(called)])];
}

/** Names of the project as a whole: of its package, of its repository, of its folder. */
function projectNames(project: Project): string[] {
  const json = project.index.packageOf("package.json")?.json;
  const repository: unknown = json?.["repository"];
  const url =
    typeof repository === "string" ? repository : (repository as { url?: unknown } | null | undefined)?.url;
  const named = typeof url === "string" ? /([\w.-]+?)(?:\.git)?\/?$/.exec(url)?.[1] : undefined;
  return [json?.name === undefined ? undefined : unscoped(json.name), named, baseOf(project.index.root)]
    .filter((name) => name !== undefined)
    .map((name) => name.toLowerCase());
}
