import { baseOf, dirOf } from "../program/index/paths.js";
import type { Project } from "../program/project.js";
import { composeName, type Service } from "./compose.js";
import { isForWork } from "./for-work.js";
import { documentsOf, fieldAt, fieldOf, itemsOf } from "./documents.js";

/** Whether a field of a service may come from elsewhere: from what it extends, or from a compose file that is laid over its own. */
export function isSaidElsewhere(service: Service, fields: readonly string[], project: Project): boolean {
  const { of, map, name } = service;
  if (fieldOf(map, "extends", of) !== undefined) return true;
  return project.index.manifestFiles.some((file) => {
    if (file === of.file || dirOf(file) !== dirOf(of.file) || !composeName.test(baseOf(file))) return false;
    if (isForWork(file)) return false;
    return documentsOf(file, project, /^["']?services["']?:/m).some((other) => {
      const own = fieldAt(other.top, ["services", name], other)?.value;
      const says = (field: string): boolean => fieldOf(own, field, other) !== undefined;
      // one with a program of its own stands for itself
      return own !== undefined && !says("image") && !says("build") && fields.some(says);
    });
  });
}

/** The profiles with which a service is started; none when it always is. */
export function profilesOf({ map, of }: Service): string[] {
  return itemsOf(fieldOf(map, "profiles", of), of).flatMap((item) => {
    const name: unknown = item?.toJSON();
    return typeof name === "string" ? [name] : [];
  });
}
