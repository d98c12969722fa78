import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const largest = 1_000_000;

/** The text of a regular file; undefined when there is none, or when it is a link, long or unreadable. */
export function textOf(folder: string, name: string): string | undefined {
  try {
    const path = join(folder, name);
    const stats = lstatSync(path);
    return stats.isFile() && stats.size <= largest ? readFileSync(path, "utf8") : undefined;
  } catch {
    return undefined;
  }
}

/** Names of the regular files in a folder, sorted; none when it cannot be read. */
export function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}
