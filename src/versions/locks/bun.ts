import { escaped, type LockReader } from "./reader.js";

/** `bun.lock`: what several packages share stands under its own name, what one package has for itself under both. */
export const readBunLock: LockReader =
  (text) =>
  ({ by, name }) => {
    for (const key of [...(by === undefined ? [] : [`${by}/${name}`]), name]) {
      const entry = new RegExp(String.raw`^\s*"${escaped(key)}": \["${escaped(name)}@(\d[\w.+-]*)"`, "m");
      const version = entry.exec(text)?.[1];
      if (version !== undefined) return version;
    }
    return undefined;
  };
