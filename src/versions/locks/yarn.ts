import { escaped, type LockReader } from "./reader.js";

/** `yarn.lock` of yarn 1 and of the later ones: every entry is headed by the ranges that it answers. */
export const readYarnLock: LockReader =
  (text) =>
  ({ name, range }) => {
    const asked = `${escaped(name)}@(?:npm:)?${escaped(range)}`;
    const entry = new RegExp(
      String.raw`^(?:[^\s#].*[\s",])?"?${asked}(?=[",:]).*:\r?\n\s+version:? "?(\d[\w.+-]*)`,
      "m",
    );
    return entry.exec(text)?.[1];
  };
