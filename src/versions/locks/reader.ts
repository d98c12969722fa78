/** One dependency as a package asks for it. */
export interface Asked {
  /** The folder of the package, relative to the lock file. */
  dir: string;
  /** The name of the package that asks, where it has one. */
  by: string | undefined;
  name: string;
  /** The range in its package.json. */
  range: string;
}

/** What a lock file installs for a dependency; undefined when it knows none. */
export type Locked = (asked: Asked) => string | undefined;

/** Opens the text of a lock file; nothing is thrown at a broken one. */
export type LockReader = (text: string) => Locked;

/** A name or range as a part of a regular expression. */
export const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
